import SyncCore
import SyncTestKit
import Testing

/// The validator that our output is held against must itself say no where it has to.
@Suite("JSON Schema, as far as our schemas use it")
struct JSONSchemaTests {
    private static func violations(_ value: String, _ schema: String, isClosed: Bool = false) throws -> [String] {
        let set = JSONSchemaSet([
            "it.json": try JSONFile.value(schema),
            "other.json": try JSONFile.value(#"{"$defs": {"digit": {"type": "integer", "maximum": 9}}}"#),
        ])
        return set.violations(of: try JSONFile.value(value), against: "it.json", isClosed: isClosed).map(\.description)
    }

    @Test(
        "what a keyword forbids is refused, and what it allows passes",
        arguments: [
            (#"{"type": "string"}"#, #""a""#, "1"), (#"{"type": ["integer", "null"]}"#, "null", "1.5"),
            (#"{"type": "number"}"#, "1", "true"), (#"{"enum": ["a", null]}"#, "null", #""b""#),
            (#"{"const": 1}"#, "1", "2"), (#"{"pattern": "^a+$"}"#, #""aa""#, #""ab""#),
            (#"{"minimum": 0}"#, "0", "-1"), (#"{"maximum": 9}"#, "9", "9.5"),
            (#"{"required": ["a"]}"#, #"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"properties": {"a": {"type": "string"}}}"#, #"{"a": "x", "b": 1}"#, #"{"a": 1}"#),
            (#"{"properties": {"a": true}, "additionalProperties": false}"#, #"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"additionalProperties": {"type": "null"}}"#, #"{"b": null}"#, #"{"b": 1}"#),
            (#"{"items": {"type": "string"}}"#, #"["a"]"#, #"["a", 1]"#),
            (#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, "1.5", "1"),
            (#"{"oneOf": [{"type": "integer"}, {"type": "string"}]}"#, "1", "null"),
            (#"{"anyOf": [{"type": "integer"}, {"type": "number"}]}"#, "1", "null"),
            (#"{"minLength": 2}"#, #""aé""#, #""é""#), (#"{"maxLength": 1}"#, #""é""#, #""ab""#),
            (#"{"minItems": 1}"#, "[1]", "[]"), (#"{"maxItems": 1}"#, "[1]", "[1, 2]"),
            (#"{"prefixItems": [{"type": "string"}], "items": {"type": "null"}}"#, #"["a", null]"#, #"["a", "b"]"#),
            (#"{"prefixItems": [{"type": "string"}]}"#, #"["a", 1]"#, "[1]"),
            (#"{"allOf": [{"minimum": 1}, {"maximum": 2}]}"#, "2", "3"),
            (##"{"$ref": "#/a~1b/1", "a/b": [false, {"type": "string"}]}"##, #""a""#, "1"),
            (##"{"$ref": "#/$defs/s", "$defs": {"s": {"type": "string"}}}"##, #""a""#, "1"),
            (#"{"$ref": "other.json#/$defs/digit"}"#, "9", "10"),
        ])
    func keywords(_ schema: String, _ good: String, _ bad: String) throws {
        #expect(try Self.violations(good, schema).isEmpty)
        #expect(try !Self.violations(bad, schema).isEmpty)
    }

    @Test("a violation says where it is")
    func place() throws {
        let schema = #"{"properties": {"items": {"items": {"properties": {"id": {"type": "string"}}}}}}"#
        #expect(
            try Self.violations(#"{"items": [{"id": "a"}, {"id": 7}]}"#, schema) == [
                "/items/1/id: is not of type string"
            ])
    }

    @Test("where all must be described, a member is described by properties, references and the form that fits")
    func closed() throws {
        let schema = """
            {"$ref": "#/$defs/base", "properties": {"b": true},
             "oneOf": [{"required": ["c"], "properties": {"c": true}}, {"required": ["d"], "properties": {"d": true}}],
             "$defs": {"base": {"properties": {"a": true}}}}
            """
        #expect(try Self.violations(#"{"a": 1, "b": 1, "c": 1}"#, schema, isClosed: true).isEmpty)
        #expect(try !Self.violations(#"{"a": 1, "b": 1, "c": 1, "e": 1}"#, schema, isClosed: true).isEmpty)
        #expect(try Self.violations(#"{"a": 1, "b": 1, "c": 1, "e": 1}"#, schema).isEmpty)
        let nested = #"{"properties": {"list": {"items": {"properties": {"a": true}}}}}"#
        #expect(
            try Self.violations(#"{"list": [{"a": 1, "z": 2}]}"#, nested, isClosed: true)
                == ["/list/0: the member 'z' is not described"])
    }

    @Test("a schema that is not there, or refers to nothing or to itself, is a violation and no crash")
    func references() throws {
        let set = JSONSchemaSet([:])
        #expect(set.violations(of: .null, against: "no.json", isClosed: false).count == 1)
        #expect(try !Self.violations("1", ##"{"$ref": "#/$defs/none"}"##).isEmpty)
        #expect(try !Self.violations("1", #"{"$ref": "none.json#/$defs/none"}"#).isEmpty)
        #expect(try !Self.violations("1", ##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}"##).isEmpty)
    }

    @Test(
        "a mistyped keyword, a member without description, a required one without schema, a bad pattern are defects",
        arguments: [
            #"{"propertes": {}}"#, #"{"properties": {"a": {"type": "string"}}}"#, #"{"required": ["a"]}"#,
            #"{"items": {"minimun": 1}}"#, #"{"oneOf": [{"typ": "a"}]}"#, #"{"pattern": "("}"#, "7",
        ])
    func defects(_ schema: String) throws {
        #expect(JSONSchemaSet.defects(in: try JSONFile.value(schema)).count == 1)
    }
}
