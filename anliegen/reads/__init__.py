"""How the database is read where it counts; knows no domain and no tables."""
