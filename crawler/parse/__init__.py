"""Reading captures in children that can be killed."""
