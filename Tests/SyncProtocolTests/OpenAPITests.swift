import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// `Protocol/openapi.json` says what the code does, no more and no less.
@Suite("Protocol/openapi.json")
struct OpenAPITests {
    let api: APIDescription

    init() throws { api = try APIDescription.ours.get() }

    @Test("is OpenAPI 3.1: references resolve, operations have ids and responses, examples are examples")
    func form() {
        #expect(api.defects.isEmpty)
    }

    @Test(
        "a defect of the form would be found",
        arguments: [
            (#""openapi": "3.1.0""#, #""openapi": "3.0.3""#), (#""operationId": "watch""#, #""operationId": "hello""#),
            (##""#/components/schemas/SyncRequest""##, ##""#/components/schemas/SyncQuestion""##),
            (#""in": "path", "required": true"#, #""in": "path", "required": false"#),
            (#""required": ["cursors"]"#, #""requires": ["cursors"]"#), (#""names": false"#, #""names": 7"#),
            (#""description": "A greeting.""#, #""desc": "A greeting.""#), ("{index}", "{number}"),
            (#""maxItems": 64"#, #""maxItem": 64"#), (#""openapi": "3.1.0""#, #""openapi": "3.1.0", "path": {}"#),
        ])
    func defects(_ sound: String, _ broken: String) throws {
        let text = try String(contentsOfFile: APIDescription.sourceTree + "/Protocol/openapi.json", encoding: .utf8)
        let changed = text.replacing(sound, with: broken, maxReplacements: 1)
        #expect(changed != text)
        #expect(try !APIDescription(Data(changed.utf8)).defects.isEmpty)
    }

    @Test("has the operations of the code, each with its method and path, and no other")
    func operations() {
        let described = Set(api.operations.map { "\($0.id): \($0.method) \($0.template)" })
        let answered = Set(Route.Operation.allCases.map { "\($0.rawValue): \($0.method) \($0.template)" })
        #expect(described == answered)
    }

    @Test("has the problems of the code with their statuses, each at some operation, and no other")
    func problems() {
        let codes = { (schema: JSONValue) in
            Set(
                schema["properties"]["type"]["enum"].items.compactMap {
                    $0.text?.split(separator: ":").last.map(String.init)
                })
        }
        let all = Set(Problem.Code.allCases.map(\.rawValue))
        #expect(codes(api["/components/schemas/Problem"]) == all)
        for code in Problem.Code.allCases {
            #expect(api.violations(of: .string(Problem(code, "").type), schema: "Problem/properties/type").isEmpty)
        }
        var used: Set<String> = []
        for operation in api.operations {
            for (status, response) in api[operation.pointer]["responses"].members {
                guard let reference = response["$ref"].text else { continue }
                let schema = api[String(reference.dropFirst())]["content"]["application/problem+json"]["schema"]
                #expect(!codes(schema).isEmpty, "\(operation.id) \(status)")
                for code in codes(schema) {
                    let expected = Problem.Code(rawValue: code)?.status
                    #expect(schema["properties"]["status"]["const"].integer == expected.map { Int64($0) }, "\(code)")
                    #expect(status == "default" || Int(status) == expected, "\(operation.id) \(status) \(code)")
                }
                used.formUnion(codes(schema))
            }
        }
        #expect(used == all)
    }

    @Test("has the codes of refusals that a server sends, and no other")
    func refusals() {
        let described = api["/components/schemas/Refusal"]["properties"]["code"]["enum"].items.compactMap(\.text)
        #expect(Set(described) == Set(Refusal.Code.allCases.map(\.rawValue)).subtracting([Refusal.Code.other.rawValue]))
    }

    @Test("its examples of whole messages are read by our codec")
    func examples() throws {
        func example(_ pointer: String) throws -> Data {
            try WireCodec.encode(api[pointer + "/content/application~1json/example"])
        }
        let sync = "/paths/~1v1~1sync/post"
        let request = try WireCodec.decode(SyncRequest.self, from: example(sync + "/requestBody"))
        #expect(request.push.elements.count == 1 && request.push.failures.isEmpty && request.catalog.count == 1)
        let response = try WireCodec.decode(SyncResponse.self, from: example(sync + "/responses/200"))
        #expect(response.entries.elements.map(\.sequence) == [71, 72] && response.entries.failures.isEmpty)
        let offer = "/paths/~1v1~1state~1restore/post/requestBody"
        #expect(try WireCodec.decode(RestoreRequest.self, from: example(offer)).entries.count == 1)
    }
}
