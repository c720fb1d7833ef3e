/// The part of the description that is about explanations.
extension OpenAPI {
    /// Query parameters of `POST /classify`.
    static var explanationParameters: String {
        #"""
        {
          "name": "explain",
          "in": "query",
          "required": false,
          "schema": {"type": "string", "enum": ["none", "cam", "gradcam", "hirescam", "layercam"], "default": "none"},
          "description": "Explanation method. cam is Grad-CAM unless the head is a global average pooling and one linear layer."
        },
        {
          "name": "class",
          "in": "query",
          "required": false,
          "schema": {"type": "string", "pattern": "^ *[0-9]+ *(, *[0-9]+ *){0,4}$"},
          "description": "Indices of the classes to explain, up to five, separated by commas; the top class if absent."
        }
        """#
    }

    /// Form fields and JSON keys of `POST /classify`.
    static var explanationProperties: String {
        #"""
        "explain": {"type": "string", "enum": ["none", "cam", "gradcam", "hirescam", "layercam"], "default": "none"},
        "class": {
          "oneOf": [
            {"type": "string", "pattern": "^ *[0-9]+ *(, *[0-9]+ *){0,4}$"},
            {"type": "integer", "minimum": 0},
            {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "integer", "minimum": 0}}
          ]
        }
        """#
    }

    static var explanationSchemas: String {
        #"""
        "Explanation": {
          "type": "object",
          "required": ["method", "layer", "class", "shape", "size", "min", "max", "mean"],
          "properties": {
            "method": {"type": "string", "enum": ["cam", "gradcam", "hirescam", "layercam"]},
            "layer": {"type": "string", "description": "The module whose output is explained."},
            "class": {
              "type": "object",
              "required": ["index", "label"],
              "properties": {"index": {"type": "integer", "minimum": 0}, "label": {"type": "string"}}
            },
            "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}, "description": "The shape of values."},
            "size": {"type": "array", "items": {"type": "integer", "minimum": 0}, "description": "The layer's own height and width."},
            "min": {"type": ["number", "null"]},
            "max": {"type": ["number", "null"]},
            "mean": {"type": ["number", "null"]},
            "values": {
              "type": "array",
              "items": {"type": ["number", "null"]},
              "description": "Row-major, never rescaled, null where a value is not finite; positive values are evidence for the class, negative ones against it."
            },
            "overlay": {
              "type": "string",
              "contentEncoding": "base64",
              "contentMediaType": "image/png",
              "description": "The map drawn over the picture; only with overlay."
            }
          }
        },
        "ExplanationLayers": {
          "type": "object",
          "description": "The available explanations.",
          "required": ["exact_cam", "layers"],
          "properties": {
            "exact_cam": {"type": "boolean", "description": "Whether the mean of a class activation map plus the class's bias equals the logit."},
            "layers": {
              "type": "array",
              "description": "The layers that can be explained; by default the first one is.",
              "items": {
                "type": "object",
                "required": ["layer", "shape"],
                "properties": {"layer": {"type": "string"}, "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}}}
              }
            }
          }
        }
        """#
    }
}
