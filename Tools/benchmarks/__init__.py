"""What Tools/bench is made of: a file for each subject that is measured, and what they share."""
