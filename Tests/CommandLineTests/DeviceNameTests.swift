import Foundation
import Testing

@Suite("What devices are called")
struct DeviceNameTests {
    @Test("conflicts and the log call the other device by the name of its token, on either side")
    func names() async throws {
        let apart = try await Apart([("red", "blue")])
        let (phone, laptop) = (apart.phone, apart.laptop)
        try await laptop.done("sync")
        let atPhone = try await phone.done("conflicts").output
        #expect(atPhone.contains("laptop, here") || atPhone.contains("here, laptop"))
        let atLaptop = try await laptop.done("conflicts").output
        #expect(atLaptop.contains("phone, here") || atLaptop.contains("here, phone"))
        let item = try #require(try await phone.done("conflicts", "--json").items().first)
        let id = try #require(item["id"] as? String)
        let shown = try await phone.done("conflicts", "show", id).output
        #expect(shown.contains("laptop, 20") && shown.contains("this device, 20") && !shown.contains("another device"))
        let sides = try #require(item["sides"] as? [[String: Any]])
        #expect(Set(sides.map { $0["device"] as? String }) == ["phone", "laptop"])
        #expect(try await phone.done("log").output.contains("laptop"))
        #expect(try await laptop.done("log").output.contains("phone"))
        let log = try await phone.done("log", "--json").items()
        #expect(Set(log.map { $0["device"] as? String }) == ["phone", "laptop"])
        try await phone.done("conflicts", "resolve", id, "--mine")
        #expect(try await phone.done("conflicts", "--all").output.contains("(laptop, 20"))
    }

    @Test("where two devices have one name, the short identity stands beside it; where there is none, it stands alone")
    func sharedAndUnknown() async throws {
        let apart = try await Apart([("red", "blue")])
        let phone = apart.phone
        let id = try #require(try await phone.done("conflicts", "--json").items()[0]["id"] as? String)
        let replica = try #require(
            try await phone.done("log", "--json").items().first { $0["mine"] as? Bool == false }?["replica"] as? String)
        let short = String(replica.prefix(6))
        try SQLiteFile.execute("UPDATE device SET name = 'one'", phone.replica)
        #expect(try await phone.done("conflicts", "show", id).output.contains("one (\(short)), 20"))
        #expect(try await phone.done("log").output.contains("one (\(short))"))
        try SQLiteFile.execute("DELETE FROM device", phone.replica)
        #expect(try await phone.done("conflicts", "show", id).output.contains("another device (\(short)), 20"))
        #expect(try await phone.done("log").output.contains("  \(short)  "))
        let sides = try #require(
            try await phone.done("conflicts", "show", id, "--json").json()["sides"] as? [[String: Any]])
        #expect(sides.allSatisfy { $0["device"] is NSNull })
    }

    @Test("a name that tries to command the terminal, or has no end, does neither")
    func hostile() async throws {
        let apart = try await Apart([("red", "blue")])
        let phone = apart.phone
        let name = "\u{1B}[31mevil\u{1B}]0;owned\u{07}\nline " + String(repeating: "x", count: 80)
        try SQLiteFile.execute("UPDATE device SET name = '\(name)' WHERE name = 'laptop'", phone.replica)
        let id = try #require(try await phone.done("conflicts", "--json").items()[0]["id"] as? String)
        for words in [["conflicts"], ["conflicts", "show", id], ["log"]] {
            let text = try await run(.client, words, in: phone.folder.path, environment: phone.environment).output
            #expect(text.contains("evil"), "\(words)")
            #expect(!text.contains("\u{1B}") && !text.contains("owned") && !text.contains("\nline"))
            #expect(!text.contains(String(repeating: "x", count: 60)))
        }
        let walk = try await PseudoTerminal.run(
            ["conflicts", "resolve"], phone, ["NO_COLOR": "1"], turns: [Turn(after: "[?]", type: "q")])
        #expect(walk.output.contains("evil") && !walk.output.contains("\u{1B}]0"))
    }

    @Test("a sync with nothing new stays one request, and the account does not come again")
    func quietSync() async throws {
        let apart = try await Apart([])
        try await apart.phone.done("save", apart.ids[0])
        try await apart.phone.done("sync")
        let version = "SELECT count(*) FROM replica WHERE account_version IS NOT NULL"
        #expect(try SQLiteFile.number(version, apart.phone.replica) == 1)
        try SQLiteFile.execute("DELETE FROM device", apart.phone.replica)
        #expect(try await apart.phone.done("sync", "--json").json()["requests"] as? Int == 1)
        #expect(try SQLiteFile.number("SELECT count(*) FROM device", apart.phone.replica) == 0)
    }

    @Test("a field is called as a person would call it")
    func fields() async throws {
        let apart = try await Apart([])
        let (phone, laptop) = (apart.phone, apart.laptop)
        try await phone.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await phone.done("consent", "grant", "brandOffers", "--yes")
        try await phone.done("sync")
        try await laptop.done("sync")
        try await laptop.done("newsletters", "unsubscribe", "daily")
        try await laptop.done("consent", "withdraw", "brandOffers")
        try await laptop.done("sync")
        try await phone.done("newsletters", "unsubscribe", "daily")
        try await phone.done("newsletters", "subscribe", "daily")
        try await phone.done("consent", "withdraw", "brandOffers")
        try await phone.done("consent", "grant", "brandOffers", "--yes")
        try await phone.done("sync")
        let text = try await phone.done("conflicts", "--all").output
        #expect(text.contains("  consent brandOffers\n") && text.contains("  subscription to newsletter daily\n"))
        #expect(!text.contains("of consent") && !text.contains("of newsletter"))
    }
}
