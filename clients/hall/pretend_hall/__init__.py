"""An openly fictional service hall that shows how a hall's system checks: `python -m pretend_hall`."""
