"""From the settings to the parts that the application is put together from."""
