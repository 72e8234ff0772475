"""The web portal: people, pages, jobs, and the command."""
