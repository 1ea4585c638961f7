"""Readings: how often and by how many people our posts were read in WeChat."""
