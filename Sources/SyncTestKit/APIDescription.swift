public import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder
import struct FoundationEssentials.URL
public import SyncCore
public import SyncPorts

/// An OpenAPI 3.1 document, as far as real requests and answers are held against it. Tests and Tools only.
public struct APIDescription: Sendable {
    /// A method at a path.
    public struct Operation: Sendable, Hashable {
        /// Its `operationId`.
        public var id: String
        /// The method in capitals.
        public var method: String
        /// The path, with the names of its variable segments in braces.
        public var template: String
        /// Where it stands in the document, as a JSON Pointer.
        public var pointer: String
    }

    /// The document.
    public let document: JSONValue
    /// Its operations, by path and method.
    public let operations: [Operation]
    let schemas: JSONSchemaSet

    /// The one of this source tree.
    public static let ours = Result { try APIDescription(contentsOf: sourceTree + "/Protocol/openapi.json") }
    /// The top of this source tree.
    public static let sourceTree = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    private static let file = "openapi.json"
    private static let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    /// Reads a document.
    ///
    /// - Throws: an error of Foundation's if it is no JSON.
    public init(_ data: Data) throws {
        document = try Self.value(data)
        schemas = JSONSchemaSet([Self.file: document])
        var operations: [Operation] = []
        for (path, item) in document["paths"].members {
            for (method, operation) in item.members where Self.methods.contains(method) {
                operations.append(
                    Operation(
                        id: operation["operationId"].text ?? "", method: method.uppercased(), template: path,
                        pointer: "/paths/" + Self.escaped(path) + "/" + method))
            }
        }
        self.operations = operations
    }

    /// Reads the document in a file.
    public init(contentsOf path: String) throws {
        try self.init(try Data(contentsOf: URL(filePath: path)))
    }

    /// The JSON in a file.
    public static func value(contentsOf path: String) throws -> JSONValue {
        try value(Data(contentsOf: URL(filePath: path)))
    }

    /// The JSON in some bytes, read by a reader that is not the protocol's own.
    public static func value(_ data: Data) throws -> JSONValue {
        try JSONDecoder().decode(CodableJSON.self, from: data).value
    }

    /// The operation that a request asks for.
    ///
    /// - Parameter path: without query.
    public func operation(_ method: String, _ path: String) -> Operation? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return operations.first { operation in
            let parts = operation.template.split(separator: "/", omittingEmptySubsequences: false)
            return operation.method == method && parts.count == segments.count
                && zip(parts, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
        }
    }

    /// Where a request's body differs from what its operation says.
    public func violations(ofRequest body: Data, to operation: Operation) -> [String] {
        let pointer = operation.pointer + "/requestBody/content/application~1json/schema"
        return violations(of: body, pointer, isClosed: false)
    }

    /// Where an answer differs from what the operation that was asked for says: status, header fields, media type, body.
    ///
    /// - Parameter isClosed: whether a member that is not described is a violation too, as in our own answers.
    public func violations(of answer: HTTPResponse, to operation: Operation, isClosed: Bool) -> [String] {
        let responses = operation.pointer + "/responses/"
        guard let place = responsePlace(responses + String(answer.status)) ?? responsePlace(responses + "default")
        else { return ["the status \(answer.status) is not described"] }
        let response = self[place]
        var found: [String] = []
        for (name, header) in response["headers"].members {
            guard let value = answer.header(name) else {
                if header["required"] == .bool(true) { found.append("the header field \(name) is missing") }
                continue
            }
            let schema = header["$ref"].text.map { $0 + "/schema" } ?? "#\(place)/headers/\(Self.escaped(name))/schema"
            found += schemas.violations(of: .string(value), against: Self.file + schema, isClosed: false).map {
                "\(name): \($0.problem)"
            }
        }
        let media = response["content"].members.map(\.0)
        guard !media.isEmpty else { return found + (answer.body.isEmpty ? [] : ["a body is not described"]) }
        let type = answer.header("content-type").map { String($0.prefix { $0 != ";" && $0 != " " }) } ?? ""
        guard media.contains(type) else { return found + ["the media type '\(type)' is not described"] }
        let content = place + "/content/" + Self.escaped(type)
        return found
            + (self[content]["x-line"] == .null
                ? violations(of: answer.body, content + "/schema", isClosed: isClosed)
                : lines(answer.body, content, isClosed: isClosed))
    }

    /// Where an exchange differs: the answer always; the request if it was granted, for then it must have been one of the
    /// protocol's.
    ///
    /// - Parameter path: without query.
    public func violations(
        of method: String, _ path: String, body: Data?, _ answer: HTTPResponse, isClosed: Bool
    ) -> [String] {
        guard let operation = operation(method, path) else {
            return violations(ofStray: answer)
        }
        var found = violations(of: answer, to: operation, isClosed: isClosed).map { "answer: \($0)" }
        if let body, method == "POST", answer.status == 200, !Self.refusesUnreadable(answer.body) {
            found += violations(ofRequest: body, to: operation).map { "request: \($0)" }
        }
        return found
    }

    /// A change that cannot be read is refused alone, and the request granted.
    private static func refusesUnreadable(_ body: Data) -> Bool {
        (try? value(body))?["refused"].items.contains { $0["code"].text == "malformed" } ?? false
    }

    /// An answer at a path, or to a method, that is not described: only a problem can be.
    private func violations(ofStray answer: HTTPResponse) -> [String] {
        guard let problem = try? Self.value(answer.body) else { return ["answer: no problem (RFC 9457)"] }
        return violations(of: problem, schema: "Problem").map { "answer: \($0)" }
    }

    /// What stands at a JSON Pointer; `null` if nothing does.
    public subscript(pointer: String) -> JSONValue {
        schemas.resolve("#" + pointer, in: Self.file)?.value ?? .null
    }

    /// Where a value differs from one of `components/schemas`.
    public func violations(of value: JSONValue, schema name: String) -> [String] {
        violations(of: value, at: "/components/schemas/" + name)
    }

    /// Where a value differs from the schema at a JSON Pointer.
    func violations(of value: JSONValue, at pointer: String) -> [String] {
        schemas.violations(of: value, against: Self.file + "#" + pointer, isClosed: false).map(\.description)
    }
}

extension APIDescription {
    /// A name as a token of a JSON Pointer (RFC 6901 §3).
    static func escaped(_ name: String) -> String { name.replacing("~", with: "~0").replacing("/", with: "~1") }

    private func responsePlace(_ pointer: String) -> String? {
        guard case .object = self[pointer] else { return nil }
        return self[pointer]["$ref"].text.map { String($0.dropFirst()) } ?? pointer
    }

    private func violations(of body: Data, _ pointer: String, isClosed: Bool) -> [String] {
        guard let value = try? Self.value(body) else { return ["the body is no JSON"] }
        return schemas.violations(of: value, against: Self.file + "#" + pointer, isClosed: isClosed).map(\.description)
    }

    /// Newline-delimited JSON: the first line is of one schema, all others of another.
    private func lines(_ body: Data, _ content: String, isClosed: Bool) -> [String] {
        guard body.last == UInt8(ascii: "\n") else { return ["the last line has no end"] }
        let lines = body.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { index, line in
            violations(of: Data(line), content + (index == 0 ? "/x-first-line" : "/x-line"), isClosed: isClosed).map {
                "line \(index): \($0)"
            }
        }
    }
}
