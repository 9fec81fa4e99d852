import FeedFormats
import Foundation
import Testing

/// The WHATWG URL cases (web-platform-tests, BSD-3-Clause) of `http` and `https` that RFC 3986 can settle.
@Suite("URL corpus", .enabled(if: Corpora.isPresent))
struct URLCorpusTests {
    @Test("plain web addresses resolve as in browsers in 95 of 100 cases")
    func agreement() throws {
        var agreement = Agreement("urls")
        for item in try Corpora.json("urls/urltestdata.json") as? [[String: Any]] ?? [] {
            guard let input = item["input"] as? String, let wanted = item["href"] as? String,
                wanted.hasPrefix("http://") || wanted.hasPrefix("https://"), isPlain(input), isPlain(wanted),
                !isNumberHost(input, wanted)
            else { continue }
            let ours = WebAddress.resolve(input, base: item["base"] as? String)
            agreement.begin("\(input) against \(item["base"] as? String ?? "-")")
            agreement.check("href", ours ?? "", wanted, as: .exact)
        }
        try agreement.settle(floor: 950, atLeast: 50)
    }

    /// Leaves out hosts that browsers rewrite as IPv4 numbers and ports with zeroes: we keep hosts as written, and the
    /// transport checks the address that a name resolves to.
    private func isNumberHost(_ input: String, _ wanted: String) -> Bool {
        input.contains("0000")
            || (input.contains("://") && wanted.dropFirst(7).first.map { $0.isNumber || $0 == "/" } == true)
    }

    /// Leaves out what is a matter of percent-encoding, international names or number forms of hosts.
    private func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"%<>\"`{}|^'[]@".utf8.contains($0) }
    }
}
