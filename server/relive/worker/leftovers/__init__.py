"""What redefinitions leave behind: old bodies under way, objects made before, replaced objects."""
