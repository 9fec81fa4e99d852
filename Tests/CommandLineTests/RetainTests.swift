import Foundation
import Testing

@Suite("How old articles may get")
struct RetainTests {
    @Test("what is older goes with the next sync, saved ones stay, and the choice is remembered")
    func retained() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let ids = try await device.articles()
        try await device.done("save", ids[11])
        let preview = try await device.done("retain", "1min", "--dry-run", "--json").json()
        #expect(preview["older"] as? Int == 11 && preview["dryRun"] as? Bool == true)
        #expect(try await device.done("retain", "--json").json()["minutes"] is NSNull, "a dry run sets nothing")
        #expect(try await device.done("retain", "1min", "--dry-run").output.hasPrefix("articles would stay 1 minute\n"))
        #expect(
            try await device.done("retain", "5000w", "--dry-run").output
                == "articles would stay 35000 days\nnothing would be dropped\n")
        let set = try await device.done("retain", "1min")
        #expect(set.output.contains("articles stay 1 minute") && set.output.contains("11 articles"))
        #expect(set.errors.contains("reader-sync sync"))
        #expect(try await device.articles().count == 12)
        #expect(try await device.done("sync", "--json").json()["aged"] as? Int == 11)
        #expect(try await device.articles() == [ids[11]])
        #expect(try await device.done("show", ids[0], "--peek").output.contains("its text was dropped"))
        #expect(try await device.done("retain", "off").output.contains("however old"))
        #expect(try await device.done("sync", "--json").json()["newArticles"] as? Int == 0)
    }

    @Test("what is no span is refused, with what to write", arguments: ["90", "0d", "soon", "-5d", ""])
    func wrong(_ span: String) async throws {
        let device = try Device()
        try await device.done("init")
        let outcome = try await device.run("retain", "--", span)
        #expect(outcome.status == 2 && outcome.errors.contains("90d"))
    }
}
