import Testing

/// Two devices that wrote notes on the same articles while apart, at the phone after its sync.
struct Apart {
    let server: Server
    let phone: Device
    let laptop: Device
    let ids: [String]

    /// - Parameter notes: what each wrote on the newest articles, one after the other.
    init(_ notes: [(phone: String, laptop: String)]) async throws {
        server = try await Server.start()
        phone = try await Device.loggedIn(to: server, server.tokens[0])
        laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await laptop.done("sync")
        ids = try await phone.articles()
        for (id, note) in zip(ids, notes) {
            try await phone.done("note", id, note.phone)
            try await laptop.done("note", id, note.laptop)
        }
        try await laptop.done("sync")
        try await phone.done("sync")
    }
}
