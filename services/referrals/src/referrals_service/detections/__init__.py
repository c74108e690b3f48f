"""Detections by query and by population: lists of people to whom the mission is offered, one call at a time."""
