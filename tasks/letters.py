"""The words of the mails that go with notifications, by language and kind: title, subject and sentence.

In sentences `{task}` and `{playlist}` are links; `{place}` is a production, or an episode of one.
"""

CLOSING = {
    "en": "Best regards,",
    "fr": "Bien à vous,",
    "es": "Saludos cordiales,",
    "de": "Mit freundlichen Grüßen",
    "nl": "Met vriendelijke groet,",
    "pt": "Atenciosamente,",
    "ja": "よろしくお願いいたします。",
    "zh": "此致敬礼",
}
COUNT = {
    "en": "It has {count} elements.",
    "fr": "Elle contient {count} éléments.",
    "es": "Contiene {count} elementos.",
    "de": "Sie hat {count} Elemente.",
    "nl": "Hij bevat {count} elementen.",
    "pt": "Ela tem {count} elementos.",
    "ja": "{count} 件の要素があります。",
    "zh": "共有 {count} 个元素。",
}
LETTERS = {
    "en": {
        "comment": (
            "New comment",
            "[Kitsu] {status} - {author} commented on {task}",
            "{author} wrote a comment on {task} and set the status to {status}.",
        ),
        "status": (
            "New comment",
            "[Kitsu] {status} - {author} changed the status of {task}",
            "{author} set the status of {task} to {status}.",
        ),
        "mention": ("New mention", "[Kitsu] {author} mentioned you on {task}", "{author} mentioned you in a comment on {task}."),
        "reply-mention": (
            "New mention",
            "[Kitsu] {author} mentioned you on {task}",
            "{author} mentioned you in a reply on {task}.",
        ),
        "assignation": ("New assignation", "[Kitsu] You were assigned to {task}", "{author} assigned you to {task}."),
        "reply": ("New reply", "[Kitsu] {author} replied on {task}", "{author} replied to a comment on {task}."),
        "playlist-ready": (
            "Playlist ready",
            "[Kitsu] The playlist {playlist} of {project} is ready for review",
            "{author} tells you that the playlist {playlist} of {place} is ready for review.",
        ),
    },
    "fr": {
        "comment": (
            "Nouveau commentaire",
            "[Kitsu] {status} - {author} a commenté {task}",
            "{author} a écrit un commentaire sur {task} et a changé le statut en {status}.",
        ),
        "status": (
            "Nouveau commentaire",
            "[Kitsu] {status} - {author} a changé le statut de {task}",
            "{author} a changé le statut de {task} en {status}.",
        ),
        "mention": (
            "Nouvelle mention",
            "[Kitsu] {author} vous a mentionné sur {task}",
            "{author} vous a mentionné dans un commentaire sur {task}.",
        ),
        "reply-mention": (
            "Nouvelle mention",
            "[Kitsu] {author} vous a mentionné sur {task}",
            "{author} vous a mentionné dans une réponse sur {task}.",
        ),
        "assignation": ("Nouvelle assignation", "[Kitsu] Vous avez été assigné à {task}", "{author} vous a assigné à {task}."),
        "reply": (
            "Nouvelle réponse",
            "[Kitsu] {author} a répondu sur {task}",
            "{author} a répondu à un commentaire sur {task}.",
        ),
        "playlist-ready": (
            "Playlist prête",
            "[Kitsu] La playlist {playlist} de {project} est prête pour une review",
            "{author} vous informe que la playlist {playlist} de {place} est prête pour une review.",
        ),
    },
    "es": {
        "comment": (
            "Nuevo comentario",
            "[Kitsu] {status} - {author} ha comentado {task}",
            "{author} ha escrito un comentario sobre {task} y ha cambiado el estado a {status}.",
        ),
        "status": (
            "Nuevo comentario",
            "[Kitsu] {status} - {author} ha cambiado el estado de {task}",
            "{author} ha cambiado el estado de {task} a {status}.",
        ),
        "mention": (
            "Nueva mención",
            "[Kitsu] {author} le ha mencionado en {task}",
            "{author} le ha mencionado en un comentario sobre {task}.",
        ),
        "reply-mention": (
            "Nueva mención",
            "[Kitsu] {author} le ha mencionado en {task}",
            "{author} le ha mencionado en una respuesta sobre {task}.",
        ),
        "assignation": ("Nueva asignación", "[Kitsu] Se le ha asignado {task}", "{author} le ha asignado {task}."),
        "reply": (
            "Nueva respuesta",
            "[Kitsu] {author} ha respondido en {task}",
            "{author} ha respondido a un comentario sobre {task}.",
        ),
        "playlist-ready": (
            "Playlist lista",
            "[Kitsu] La playlist {playlist} de {project} está lista para revisar",
            "{author} le informa de que la playlist {playlist} de {place} está lista para revisar.",
        ),
    },
    "de": {
        "comment": (
            "Neuer Kommentar",
            "[Kitsu] {status} - {author} hat {task} kommentiert",
            "{author} hat einen Kommentar zu {task} geschrieben und den Status auf {status} gesetzt.",
        ),
        "status": (
            "Neuer Kommentar",
            "[Kitsu] {status} - {author} hat den Status von {task} geändert",
            "{author} hat den Status von {task} auf {status} gesetzt.",
        ),
        "mention": (
            "Neue Erwähnung",
            "[Kitsu] {author} hat Sie bei {task} erwähnt",
            "{author} hat Sie in einem Kommentar zu {task} erwähnt.",
        ),
        "reply-mention": (
            "Neue Erwähnung",
            "[Kitsu] {author} hat Sie bei {task} erwähnt",
            "{author} hat Sie in einer Antwort zu {task} erwähnt.",
        ),
        "assignation": ("Neue Zuweisung", "[Kitsu] Ihnen wurde {task} zugewiesen", "{author} hat Ihnen {task} zugewiesen."),
        "reply": (
            "Neue Antwort",
            "[Kitsu] {author} hat bei {task} geantwortet",
            "{author} hat auf einen Kommentar zu {task} geantwortet.",
        ),
        "playlist-ready": (
            "Playlist bereit",
            "[Kitsu] Die Playlist {playlist} von {project} ist bereit zur Abnahme",
            "{author} teilt Ihnen mit, dass die Playlist {playlist} von {place} bereit zur Abnahme ist.",
        ),
    },
    "nl": {
        "comment": (
            "Nieuwe opmerking",
            "[Kitsu] {status} - {author} heeft gereageerd op {task}",
            "{author} heeft een opmerking bij {task} geschreven en de status op {status} gezet.",
        ),
        "status": (
            "Nieuwe opmerking",
            "[Kitsu] {status} - {author} heeft de status van {task} gewijzigd",
            "{author} heeft de status van {task} op {status} gezet.",
        ),
        "mention": (
            "Nieuwe vermelding",
            "[Kitsu] {author} heeft u vermeld bij {task}",
            "{author} heeft u vermeld in een opmerking bij {task}.",
        ),
        "reply-mention": (
            "Nieuwe vermelding",
            "[Kitsu] {author} heeft u vermeld bij {task}",
            "{author} heeft u vermeld in een antwoord bij {task}.",
        ),
        "assignation": (
            "Nieuwe toewijzing",
            "[Kitsu] U bent toegewezen aan {task}",
            "{author} heeft u toegewezen aan {task}.",
        ),
        "reply": (
            "Nieuw antwoord",
            "[Kitsu] {author} heeft geantwoord bij {task}",
            "{author} heeft geantwoord op een opmerking bij {task}.",
        ),
        "playlist-ready": (
            "Afspeellijst klaar",
            "[Kitsu] De afspeellijst {playlist} van {project} is klaar voor beoordeling",
            "{author} laat u weten dat de afspeellijst {playlist} van {place} klaar is voor beoordeling.",
        ),
    },
    "pt": {
        "comment": (
            "Novo comentário",
            "[Kitsu] {status} - {author} comentou em {task}",
            "{author} escreveu um comentário em {task} e mudou o status para {status}.",
        ),
        "status": (
            "Novo comentário",
            "[Kitsu] {status} - {author} mudou o status de {task}",
            "{author} mudou o status de {task} para {status}.",
        ),
        "mention": (
            "Nova menção",
            "[Kitsu] {author} mencionou você em {task}",
            "{author} mencionou você em um comentário em {task}.",
        ),
        "reply-mention": (
            "Nova menção",
            "[Kitsu] {author} mencionou você em {task}",
            "{author} mencionou você em uma resposta em {task}.",
        ),
        "assignation": ("Nova atribuição", "[Kitsu] Você foi designado para {task}", "{author} designou você para {task}."),
        "reply": (
            "Nova resposta",
            "[Kitsu] {author} respondeu em {task}",
            "{author} respondeu a um comentário em {task}.",
        ),
        "playlist-ready": (
            "Playlist pronta",
            "[Kitsu] A playlist {playlist} de {project} está pronta para revisão",
            "{author} informa que a playlist {playlist} de {place} está pronta para revisão.",
        ),
    },
    "ja": {
        "comment": (
            "新しいコメント",
            "[Kitsu] {status} - {author} さんが {task} にコメントしました",
            "{author} さんが {task} にコメントし、ステータスを {status} にしました。",
        ),
        "status": (
            "新しいコメント",
            "[Kitsu] {status} - {author} さんが {task} のステータスを変更しました",
            "{author} さんが {task} のステータスを {status} にしました。",
        ),
        "mention": (
            "新しいメンション",
            "[Kitsu] {author} さんが {task} であなたに言及しました",
            "{author} さんが {task} のコメントであなたに言及しました。",
        ),
        "reply-mention": (
            "新しいメンション",
            "[Kitsu] {author} さんが {task} であなたに言及しました",
            "{author} さんが {task} の返信であなたに言及しました。",
        ),
        "assignation": (
            "新しい割り当て",
            "[Kitsu] {task} に割り当てられました",
            "{author} さんがあなたを {task} に割り当てました。",
        ),
        "reply": (
            "新しい返信",
            "[Kitsu] {author} さんが {task} で返信しました",
            "{author} さんが {task} のコメントに返信しました。",
        ),
        "playlist-ready": (
            "プレイリストの準備完了",
            "[Kitsu] {project} のプレイリスト {playlist} をレビューできます",
            "{author} さんからのお知らせ: {place} のプレイリスト {playlist} をレビューできます。",
        ),
    },
    "zh": {
        "comment": (
            "新评论",
            "[Kitsu] {status} - {author} 评论了 {task}",
            "{author} 评论了 {task}，并将状态设为 {status}。",
        ),
        "status": (
            "新评论",
            "[Kitsu] {status} - {author} 更改了 {task} 的状态",
            "{author} 将 {task} 的状态设为 {status}。",
        ),
        "mention": ("新提及", "[Kitsu] {author} 在 {task} 中提到了您", "{author} 在 {task} 的评论中提到了您。"),
        "reply-mention": ("新提及", "[Kitsu] {author} 在 {task} 中提到了您", "{author} 在 {task} 的回复中提到了您。"),
        "assignation": ("新分配", "[Kitsu] 您被分配到 {task}", "{author} 将您分配到 {task}。"),
        "reply": ("新回复", "[Kitsu] {author} 在 {task} 中回复", "{author} 回复了 {task} 的评论。"),
        "playlist-ready": (
            "播放列表已就绪",
            "[Kitsu] {project} 的播放列表 {playlist} 可以审阅了",
            "{author} 通知您：{place} 的播放列表 {playlist} 可以审阅了。",
        ),
    },
}
