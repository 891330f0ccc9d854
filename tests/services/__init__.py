"""The shipped services, played by the people of Nordwerk through the actions, every branch of their models."""
