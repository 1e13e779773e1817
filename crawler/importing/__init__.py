"""Other people's archives into ours: `foreign` reads them, `adopting` makes records of ours of them, `order` does all."""
