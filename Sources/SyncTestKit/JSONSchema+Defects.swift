public import SyncCore

extension JSONSchemaSet {
    /// What is wrong with a schema itself: keywords that this validator does not know, so that a mistyped one is not
    /// passed over; required members and members without a description.
    ///
    /// Keywords that begin with `x-` are a document's own, as OpenAPI has them.
    public static func defects(in schema: JSONValue) -> [String] {
        var defects: [String] = []
        inspect(schema, at: "", &defects)
        return defects
    }

    private static let annotations: Set<String> = ["$schema", "$id", "title", "description", "examples", "default"]
    private static let assertions: Set<String> = [
        "type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "properties", "required",
        "additionalProperties", "items", "prefixItems", "minItems", "maxItems", "allOf", "oneOf", "anyOf", "$ref",
        "$defs",
    ]

    private static func inspect(_ schema: JSONValue, at place: String, _ defects: inout [String]) {
        if case .bool = schema { return }
        guard case .object(let keywords) = schema else {
            defects.append("\(place): no schema")
            return
        }
        for keyword in keywords.keys.sorted()
        where !annotations.contains(keyword) && !assertions.contains(keyword) && !keyword.hasPrefix("x-") {
            defects.append("\(place): the keyword '\(keyword)' is not known")
        }
        let properties = members(keywords["properties"])
        for (name, property) in properties {
            if case .object(let inner) = property, inner["description"] == nil {
                defects.append("\(place)/\(name): says not what it is")
            }
            inspect(property, at: "\(place)/\(name)", &defects)
        }
        if case .array(let required) = keywords["required"] {
            for name in required where !properties.contains(where: { .string($0.0) == name }) {
                defects.append("\(place): requires \(name), which it does not describe")
            }
        }
        for (name, definition) in members(keywords["$defs"]) { inspect(definition, at: "\(place)/\(name)", &defects) }
        for keyword in ["items", "additionalProperties"] {
            if let inner = keywords[keyword] { inspect(inner, at: "\(place)/\(keyword)", &defects) }
        }
        for keyword in ["allOf", "oneOf", "anyOf", "prefixItems"] {
            guard case .array(let alternatives) = keywords[keyword] else { continue }
            for (index, inner) in alternatives.enumerated() {
                inspect(inner, at: "\(place)/\(keyword)/\(index)", &defects)
            }
        }
        if case .string(let pattern) = keywords["pattern"], (try? Regex(pattern)) == nil {
            defects.append("\(place): \(pattern) is no pattern")
        }
    }

    private static func members(_ value: JSONValue?) -> [(String, JSONValue)] {
        guard case .object(let members) = value else { return [] }
        return members.sorted { $0.key < $1.key }
    }
}
