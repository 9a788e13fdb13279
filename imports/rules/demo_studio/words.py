"""The words that demonstration studios are made of."""


def words(text: str) -> list[str]:
    """The single words of a text."""
    return text.split()


FIRST_NAMES = words(
    "Ada Amir Anouk Bela Bruno Carla Chidi Dana Diego Elif Emil Farah Felix Gita Hana Hugo Ines Ivan Jade Jonas Kaori Karim "
    "Lena Luca Maya Milan Nadia Nils Olga Omar Paula Pierre Rania Rosa Samir Sofia Tariq Uma Viktor Yuki"
)
LAST_NAMES = words(
    "Abara Berg Costa Duval Eriksen Fontaine Garcia Haddad Ivanova Jansen Kimura Lindqvist Moreau Novak Okafor Petit"
)

PRODUCTIONS = (
    ("The Lighthouse Keepers", "featurefilm"),
    ("Moss and Marble", "short"),
    ("Night Ferry", "commercial"),
    ("Salt Roads", "short"),
    ("Paper Cranes", "featurefilm"),
)
ADJECTIVES = words(
    "Amber Ancient Bright Broken Copper Crooked Distant Dusty Elder Faded Frozen Gentle Gilded Golden Hidden Hollow Iron Little "
    "Lonely Lost Mossy Painted Quiet Restless Rusty Silver Sleeping Tall Velvet Wandering"
)
NOUNS = {
    "Character": words("Baker Captain Diver Fisher Gardener Inventor Keeper Pilot Sailor Singer Smith Watchmaker"),
    "Prop": words("Anchor Barrel Bell Compass Key Ladder Lantern Map Oar Rope Spyglass Trunk"),
    "Environment": words("Attic Bay Bridge Cave Cliff Garden Harbour Island Library Market Tower Village"),
    "FX": words("Dust Embers Fog Foam Lightning Mist Rain Smoke Snow Sparks Splash Wind"),
}
REMARKS = (
    "First pass, please have a look.",
    "Fixed the notes of yesterday.",
    "The silhouette reads much better now.",
    "Could we slow the turn down by eight frames?",
    "Contact of the left foot slides at the end.",
    "Lovely. Approved for the sequence.",
    "New version with the camera of the latest layout.",
    "Edge flicker on the rim light, see the drawing.",
    "Matched to the reference of the neighbouring shot.",
    "The background is still the old one.",
    "Cleaned up the curves, nothing else changed.",
    "Ready for the next step.",
)
