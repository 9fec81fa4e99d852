import Foundation
import Testing

@Suite("Newsletters and consents")
struct MailTests {
    @Test("newsletters say what is on offer, what was chosen, what the server says, and what is only here")
    func newsletters() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let before = try await device.done("newsletters")
        #expect(
            before.output == "daily  Daily Brief  not subscribed\n    Every morning.\n    on offer: daily, weekly\n")
        #expect(before.errors.contains("16 and over") && before.errors.contains("subscribe daily --confirm-age"))
        #expect(try await device.done("newsletters", "--json").json()["ageConfirmed"] as? Bool == false)
        try await device.done("newsletters", "subscribe", "daily", "--frequency", "weekly", "--confirm-age")
        let local = try await device.done("newsletters")
        #expect(local.output.hasPrefix("daily  Daily Brief  subscribed, weekly\n"))
        #expect(local.output.contains("only on this device until the next sync") && local.errors.isEmpty)
        try await device.done("sync")
        let sent = try await device.done("newsletters").output
        #expect(!sent.contains("only on this device"))
        #expect(sent.contains("the server says: "))
        #expect(try await device.done("newsletters", "--json").json()["ageConfirmed"] as? Bool == true)
    }

    @Test("the record of a consent has each decision with its wording, both clocks, the device and the surface")
    func history() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        #expect(try await phone.done("consent", "history").errors.contains("nothing was ever decided"))
        try await phone.done("consent", "grant", "brandOffers", "--yes")
        #expect(try await phone.done("consent", "history").output.contains("    not sent yet\n"))
        try await phone.done("sync")
        try await laptop.done("sync")
        try await laptop.done("consent", "withdraw", "brandOffers")
        let items = try await laptop.done("consent", "history", "brandOffers", "--json").items()
        #expect(items.map { $0["given"] as? Bool } == [false, true])
        #expect(items.map { $0["mine"] as? Bool } == [true, false])
        #expect(items[0]["received"] is NSNull && items[1]["received"] is String)
        let terms = try #require(items[1]["terms"] as? [String: Any])
        #expect(terms["wordingVersion"] as? String == "3" && terms["surface"] as? String == "cli")
        let hash = try #require(terms["wordingHash"] as? String)
        let text = try await laptop.done("consent", "history").output
        #expect(text.contains("brandOffers  given  wording 3 (\(hash)), privacy policy 2026-01, terms 2025-06"))
        #expect(text.contains("this device on cli\n") && text.contains(" on cli\n    taken by the server 20"))
        #expect(try await laptop.run("consent", "history", "nothing").status == 3)
    }
}
