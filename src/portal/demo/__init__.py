"""A made-up city programme to walk around in: `kyberkunto demo` fills an empty installation with it.

Roles stand in place of people's names, every domain and address ends in `.example`. Everything goes through the rooms'
own services; plain rows are written only where something lies in the past, for which no service has a moment.
"""
