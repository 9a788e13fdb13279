"""One production as a portable archive: its rows as the API names them, its files, and a manifest that vouches for both."""
