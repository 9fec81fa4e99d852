import SyncCore

extension APIDescription {
    /// Where the document is no OpenAPI 3.1 (sections are of its specification, 3.1.0), or none that can be relied on:
    /// references to nothing, schemas with mistyped keywords, examples that are none, components that nobody uses.
    public var defects: [String] {
        var check = FormCheck(description: self)
        check.run()
        return check.defects
    }
}

/// One look through a document.
private struct FormCheck {
    let description: APIDescription
    var defects: [String] = []

    private var document: JSONValue { description.document }

    /// The fixed fields that an object of each kind may have.
    private static let fields: [String: Set<String>] = [
        "document": ["openapi", "info", "jsonSchemaDialect", "servers", "paths", "components", "security", "tags"],
        "operation": [
            "operationId", "summary", "description", "parameters", "requestBody", "responses", "security", "tags",
        ],
        "parameter": ["name", "in", "description", "required", "schema", "example", "deprecated"],
        "header": ["description", "required", "schema"],
        "response": ["description", "headers", "content"],
        "body": ["description", "content", "required"],
        "media": ["schema", "example", "examples"],
        "components": ["schemas", "responses", "parameters", "headers", "securitySchemes"],
    ]

    mutating func run() {
        checkFields("document", document, at: "")
        if document["openapi"].text?.wholeMatch(of: /3\.1\.\d+/) == nil {
            report("/openapi", "not a version 3.1 (§4.8.1)")
        }
        for name in ["title", "version"] where document["info"][name].text == nil { report("/info", "has no \(name)") }
        if document["jsonSchemaDialect"].text != "https://json-schema.org/draft/2020-12/schema" {
            report("/jsonSchemaDialect", "not the dialect that is checked")
        }
        checkReferences()
        var ids: Set<String> = []
        for operation in description.operations {
            if !ids.insert(operation.id).inserted { report(operation.pointer, "its operationId is not its own") }
            check(operation)
        }
        checkComponents()
    }

    private mutating func check(_ operation: APIDescription.Operation) {
        let (value, place) = (description[operation.pointer], operation.pointer)
        checkFields("operation", value, at: place)
        if !operation.template.hasPrefix("/") { report(place, "a path begins with a slash (§4.8.8.1)") }
        if operation.id.isEmpty { report(place, "has no operationId") }
        if value["responses"].members.isEmpty { report(place, "has no responses (§4.8.16)") }
        for (status, response) in value["responses"].members {
            if status != "default", status.wholeMatch(of: /[1-5]\d\d/) == nil {
                report(place, "\(status) is no status")
            }
            checkResponse(response, at: "\(place)/responses/\(status)")
        }
        var named: [String] = []
        for (index, parameter) in value["parameters"].items.enumerated() {
            let parameter = followed(parameter)
            checkParameter(parameter, at: "\(place)/parameters/\(index)")
            if parameter["in"].text == "path" { named.append(parameter["name"].text ?? "") }
        }
        let variables = operation.template.matches(of: /\{([^}]*)\}/).map { String($0.output.1) }
        if named.sorted() != variables.sorted() {
            report(place, "its path has other parameters than it says (§4.8.12.1)")
        }
        if value["requestBody"] != .null {
            checkFields("body", value["requestBody"], at: place + "/requestBody")
            checkContent(value["requestBody"]["content"], at: place + "/requestBody")
        }
        for scheme in value["security"].items + document["security"].items {
            for (name, _) in scheme.members where document["components"]["securitySchemes"][name] == .null {
                report(place, "the security scheme \(name) is not there")
            }
        }
    }

    private mutating func checkComponents() {
        let components = document["components"]
        checkFields("components", components, at: "/components")
        for (name, response) in components["responses"].members {
            checkResponse(response, at: "/components/responses/\(name)")
        }
        for (name, parameter) in components["parameters"].members {
            checkParameter(parameter, at: "/components/parameters/\(name)")
        }
        for (name, header) in components["headers"].members { checkHeader(header, at: "/components/headers/\(name)") }
        for (name, schema) in components["schemas"].members { checkSchema(schema, at: "/components/schemas/\(name)") }
        let used = references(in: document)
        for (kind, parts) in components.members where kind != "securitySchemes" {
            for (name, _) in parts.members where !used.contains("#/components/\(kind)/\(name)") {
                report("/components/\(kind)/\(name)", "is used nowhere")
            }
        }
    }

    private mutating func checkParameter(_ parameter: JSONValue, at place: String) {
        checkFields("parameter", parameter, at: place)
        if parameter["name"].text == nil { report(place, "has no name") }
        let kind = parameter["in"].text ?? ""
        if !["path", "query", "header"].contains(kind) { report(place, "is in '\(kind)'") }
        if kind == "path", parameter["required"] != .bool(true) { report(place, "is of the path and not required") }
        if parameter["description"].text == nil { report(place, "says not what it is") }
        checkSchema(parameter["schema"], at: place + "/schema")
    }

    private mutating func checkHeader(_ header: JSONValue, at place: String) {
        guard header["$ref"] == .null else { return }
        checkFields("header", header, at: place)
        checkSchema(header["schema"], at: place + "/schema")
    }

    private mutating func checkResponse(_ response: JSONValue, at place: String) {
        guard response["$ref"] == .null else { return }
        checkFields("response", response, at: place)
        if response["description"].text == nil { report(place, "has no description (§4.8.17)") }
        for (name, header) in response["headers"].members { checkHeader(header, at: "\(place)/headers/\(name)") }
        checkContent(response["content"], at: place)
    }

    private mutating func checkContent(_ content: JSONValue, at place: String) {
        for (type, media) in content.members {
            let place = "\(place)/content/\(APIDescription.escaped(type))"
            checkFields("media", media, at: place)
            checkSchema(media["schema"], at: place + "/schema")
            if media["example"] != .null { checkExample(media["example"], of: place + "/schema") }
        }
    }

    private mutating func checkSchema(_ schema: JSONValue, at place: String) {
        for defect in JSONSchemaSet.defects(in: schema) { report(place, defect) }
        for example in schema["examples"].items { checkExample(example, of: place) }
    }

    private mutating func checkExample(_ example: JSONValue, of pointer: String) {
        for violation in description.violations(of: example, at: pointer) {
            report(pointer, "its example: \(violation)")
        }
    }

    private mutating func checkFields(_ kind: String, _ object: JSONValue, at place: String) {
        for (name, _) in object.members where !(Self.fields[kind] ?? []).contains(name) && !name.hasPrefix("x-") {
            report(place, "'\(name)' is no field of a \(kind)")
        }
    }

    private mutating func checkReferences() {
        for reference in references(in: document) where description[String(reference.dropFirst())] == .null {
            report("/", "\(reference) is not there")
        }
    }

    private func references(in value: JSONValue) -> Set<String> {
        var found: Set<String> = []
        if let reference = value["$ref"].text { found.insert(reference) }
        for (_, member) in value.members { found.formUnion(references(in: member)) }
        for item in value.items { found.formUnion(references(in: item)) }
        return found
    }

    private func followed(_ value: JSONValue) -> JSONValue {
        value["$ref"].text.map { description[String($0.dropFirst())] } ?? value
    }

    private mutating func report(_ place: String, _ problem: String) { defects.append("\(place): \(problem)") }
}
