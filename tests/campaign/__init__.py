"""A campaign of the size of 2020's, with made-up people, through the public API: its statistics have to show exactly that."""
