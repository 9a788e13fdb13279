"""The table of acts: what is done in the studio, and what that tells whom. One test walks it; the catalogue has what it has."""
