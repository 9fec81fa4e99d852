import SyncCore
import Testing

@testable import ReaderSyncCLI

@Suite("Rows in a form of one's own: --format")
struct FormatTests {
    private let row = JSONValue.object([
        "id": .string("ab12"), "tags": .array([.string("x"), .string("y")]), "read": .bool(true), "none": .null,
        "count": .integer(3), "image": .object(["url": .string("http://e")]),
        "authors": .array([.object(["name": .string("Ann")])]), "evil": .string("a\u{1B}[31mb\nc"),
    ])

    @Test(
        "a template is text with members of the row",
        arguments: [
            ("{id}", "ab12\n"), ("{id} {count}\\n", "ab12 3\n"), ("{id}\\t{read}", "ab12\ttrue\n"),
            ("{{{id}}}", "{ab12}\n"),
            ("{tags}", "x, y\n"), ("[{none}]", "[]\n"), ("{image.url}", "http://e\n"), ("{authors.0.name}", "Ann\n"),
            ("{authors.7.name}", "\n"), ("{none.inner}", "\n"), ("{image}", "{\"url\":\"http://e\"}\n"),
            ("\\\\n", "\\n\n"), ("{id}\\0", "ab12\0"), ("plain", "plain\n"), ("", "\n"), ("{evil}", "ab c\n"),
        ])
    func templates(_ template: String, _ expected: String) throws {
        #expect(try RowTemplate(template).text(row) == expected)
    }

    @Test(
        "what is no template is refused, with the character where it stops making sense",
        arguments: [
            ("{id", "character 3"), ("a}", "character 2"), ("{}", "character 2"), ("{a..b}", "character 6"),
            ("\\q", "character 2"),
        ])
    func refused(_ template: String, _ place: String) {
        do throws(CommandFailure) {
            _ = try RowTemplate(template)
            Issue.record("\(template) was taken")
        } catch { #expect(error.message.contains(place), "\(error.message)") }
    }

    @Test("a name that the row has not is an error with the names it has")
    func missing() throws {
        let wrong = #expect(throws: CommandFailure.self) { try RowTemplate("{idd}").text(row) }
        #expect(wrong?.candidates == ["{id}"])
        #expect(wrong?.remedy?.contains("authors, count") == true)
        let inner = #expect(throws: CommandFailure.self) { try RowTemplate("{image.uri}").text(row) }
        #expect(inner?.candidates == ["{image.url}"])
    }

    @Test("a list prints one line an item, a document one line, and nothing if one does not fit")
    func commands() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        #expect(try await device.done("list", "--format", "{id}").output == ids.map { $0 + "\n" }.joined())
        #expect(try await device.done("feeds", "--format", "{id} {unread}/{articles}").output == "all 12/12\n")
        #expect(
            try await device.done("show", ids[0], "--peek", "--format", "{shortId}").output == ids[0].prefix(7) + "\n")
        #expect(try await device.done("search", "patience", "--format", "{headline}").output == "On Patience\n")
        #expect(try await device.done("status", "--format", "{articles}").output == "12\n")
        let wrong = try await device.run("list", "--format", "{id} {headlin}")
        #expect(wrong.status == 2 && wrong.output.isEmpty)
        #expect(wrong.errors.contains("{headline}"))
    }

    @Test("a template that makes no sense, or beside --json, or for what has no rows, ends with 2 and does nothing")
    func usage() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        #expect(try await device.run("save", id, "--format", "{id").status == 2)
        #expect(try await device.done("list", "--saved", "--json").items().isEmpty)
        #expect(try await device.run("list", "--json", "--format", "{id}").status == 2)
        let export = try await device.run("export", "--state", "--format", "{id}")
        #expect(export.status == 2 && export.output.isEmpty)
    }
}
