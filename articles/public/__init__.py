"""What readers get beside the pages of the tree: lists, feeds, site maps."""
