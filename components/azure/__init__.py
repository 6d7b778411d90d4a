"""What every component needs of Azure: names, clouds, resource ids, places, order."""
