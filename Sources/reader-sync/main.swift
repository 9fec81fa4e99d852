import ReaderSyncCLI

await ReaderSync.start()
