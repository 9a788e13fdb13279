"""Rows that come from another server of the same API, with their ids: checked, compared with what is here, stored in batches."""
