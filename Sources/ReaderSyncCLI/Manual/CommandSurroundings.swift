/// What the environment and the file system mean to every command.
enum CommandSurroundings {
    static let variables: [(name: String, meaning: String)] = [
        ("READER_SYNC_REPLICA", "The replica's file, where --replica is not given."),
        ("READER_SYNC_TOKEN", "The token for the server, instead of the one that 'login' keeps."),
        ("VISUAL, EDITOR", "The editor for notes."),
        ("NO_COLOR", "Set to anything: no colours."),
        ("XDG_DATA_HOME, XDG_CONFIG_HOME", "The folders for the files below."),
    ]

    static let files: [(name: String, meaning: String)] = [
        ("$XDG_DATA_HOME/reader-sync/replica.sqlite", "The replica."),
        ("$XDG_CONFIG_HOME/reader-sync/config", "Settings; see 'reader-sync config'."),
        ("$XDG_CONFIG_HOME/reader-sync/tokens", "Tokens of servers, for this user alone."),
    ]
}
