"""ShotGrid in: pages of its entries become rows here, found again by their ShotGrid id."""
