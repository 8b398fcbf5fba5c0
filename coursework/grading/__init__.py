"""Grading: submissions in, feedback and tables out."""
