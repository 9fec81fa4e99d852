import Testing

@Suite("Texts that are not kept, in the full-screen reader")
struct FullScreenTextTests {
    private static func device(_ server: Server) async throws -> Device {
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync", "--bodies", "none")
        return device
    }

    @Test("opening the article fetches its text, and it is kept until the next sync")
    func fetched() async throws {
        let server = try await Server.start()
        let device = try await Self.device(server)
        let screen = try FullScreenTests.reading(device)
        try screen.press("Enter")
        try screen.wait("Tab:links")
        try screen.wait("not held here", isThere: false)
        server.stop()
        try screen.press("q")
        try screen.wait("open  h:back")
        try screen.press("Enter")
        try screen.wait("Tab:links")
        #expect(!(try screen.look().contains("not held here")))
        let id = try await device.articles()[0]
        #expect(try await device.done("show", id, "--json").json()["bodyHeld"] as? Bool == true)
    }

    @Test("without a network it says so, keys work meanwhile, and the text comes by itself once there is one")
    func offline() async throws {
        let server = try await Server.start()
        let device = try await Self.device(server)
        server.stop()
        let screen = try FullScreenTests.reading(device)
        try screen.press("Enter")
        try screen.wait("will be fetched when there is a network")
        try screen.press("s")
        try screen.wait("saved")
        try server.restart()
        try screen.wait("not held here", isThere: false)
        #expect(try screen.look().contains("Paragraph of article 11, about lighthouses."))
    }

    @Test("whoever is not logged in reads how to log in")
    func notLoggedIn() async throws {
        let server = try await Server.start()
        let device = try await Self.device(server)
        try await device.done("logout")
        let screen = try FullScreenTests.reading(device, columns: 120)
        try screen.press("Enter")
        try screen.wait("Its text is not held here")
        try screen.wait("reader-sync login")
    }
}
