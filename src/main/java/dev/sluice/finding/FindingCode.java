package dev.sluice.finding;

import java.util.Map;

/// The kinds of mistakes. Codes are stable: one that is given up is never used for another.
/// `docs/findings.md` has a section for each.
public enum FindingCode {
    UNREADABLE_DOCUMENT(1, "A document cannot be read", "Correct the YAML at that line."),
    INCOMPLETE_OBJECT(
            2,
            "An object without kind or name",
            "Write apiVersion, kind and metadata.name at the top of the document."),
    UNKNOWN_VERSION(3, "A version that is not served", "Use one of the versions that are named."),
    UNKNOWN_FIELD(
            4,
            "A field that its kind does not have",
            "Correct the name of the field, or remove it."),
    INVALID_VALUE(
            5,
            "A value that breaks a rule of its kind",
            "Write a value that keeps the rule which is named."),
    DEFINED_TWICE(6, "An object that is defined twice", "Remove one of the two definitions."),
    FIELD_WITHOUT_EFFECT(
            7,
            Severity.WARNING,
            "Valid fields that have no effect here",
            "Remove them, or leave them for another controller."),
    UNSUPPORTED_VALUE(
            8,
            "Something that is not supported",
            "Write it another way; docs/resources.md says what is supported."),
    BUDGET_EXCEEDED(
            9,
            "A namespace has more than its budget",
            "Remove objects of the namespace, or have an operator raise sluice.tenants."),
    INTERNAL_ERROR(
            10,
            "A fault of Sluice",
            "Report it with the stack in the log; other objects are not affected."),
    REFERENCE_NOT_PERMITTED(
            11,
            "A reference into another namespace that nobody permits",
            "Have the other namespace write a ReferenceGrant."),
    REFUSED_OBJECT(
            12,
            "A refused object that has no good version",
            "Correct what its other finding names; what it names is closed until then."),
    UNREADABLE_FILE(
            13,
            "A file or folder that cannot be read",
            "Let Sluice's user read it, correct sluice.source.file.path, or remove it."),
    NO_FILES(
            14,
            Severity.WARNING,
            "A folder without files",
            "Write objects to files there, or correct sluice.source.file.path."),
    CHANGE_NOT_TAKEN(
            15,
            "A change of files that would leave an AuthPolicy without its target",
            "Correct targetRefs, add the target, or remove the policy."),

    UNKNOWN_GATEWAY_CLASS(
            101,
            "A Gateway of a class that is not there",
            "Set gatewayClassName to a GatewayClass whose controllerName is Sluice's."),
    INVALID_PARAMETERS(
            102,
            "Parameters that cannot be used",
            "Correct the ConfigMap of parametersRef, or the reference to it."),
    UNSUPPORTED_PROTOCOL(103, "A listener whose protocol is not supported", "Use HTTP or HTTPS."),
    LISTENER_CONFLICT(
            104,
            "Listeners that exclude each other",
            "Give them other hostnames or ports, or one protocol."),
    NO_LISTENERS(105, "A Gateway without listeners", "Add a listener to spec.listeners."),
    CERTIFICATE_NOT_FOUND(
            106, "A certificate that is not there", "Create the Secret, or correct its name."),
    INVALID_CERTIFICATE(
            107,
            "A certificate that cannot be used",
            "Write a PEM certificate to tls.crt and its PEM private key to tls.key."),
    PORT_NOT_BOUND(
            108,
            "A port that cannot be bound",
            "End what holds the port, or use another one; it is tried again by itself."),
    UNUSABLE_ADDRESS(
            109,
            "An address that a Gateway cannot have",
            "Remove it from spec.addresses, or make it available."),
    INVALID_ROUTE_KIND(
            110,
            "Routes of a kind that a listener cannot take",
            "Remove the kind from allowedRoutes.kinds."),
    LISTENERS_NOT_ALLOWED(
            111,
            "A ListenerSet that its Gateway does not take",
            "Have the Gateway allow it by allowedListeners."),
    GATEWAY_REFUSED(112, "A Gateway that cannot be served", "Remove what stands in its way."),

    PARENT_NOT_FOUND(
            201,
            "A route whose parent is not there",
            "Correct name and namespace in parentRefs, or add the Gateway."),
    LISTENER_NOT_FOUND(
            202,
            "A route whose parent has no such listener",
            "Correct sectionName or port in parentRefs."),
    ROUTE_NOT_ALLOWED(
            203,
            "A route that the listeners do not take",
            "Have the listener allow the namespace and kind by allowedRoutes."),
    HOSTNAMES_APART(
            204,
            "A route whose hostnames are none of the listener's",
            "Use a hostname that a listener of the parent takes."),
    SERVICE_NOT_FOUND(
            205,
            "A backend that is not there",
            "Create the Service, or correct its name; until then its share is answered with 500."),
    SERVICE_PORT_NOT_FOUND(
            206,
            "A backend without that port",
            "Use a port of the Service; until then its share is answered with 500."),
    INVALID_BACKEND_KIND(
            207, "A reference to a kind that cannot be one", "Refer to the kind that is named."),
    FILTER_NOT_FOUND(
            208,
            "A filter that is not there",
            "Create the GatewayFilter in the route's namespace, or correct its name."),
    INCOMPATIBLE_FILTERS(
            209, "Filters that exclude each other", "Keep one of them, or use two rules."),
    BACKEND_TLS_REFUSED(
            210,
            "A backend whose TLS cannot be set up",
            "Correct the BackendTLSPolicy of the Service."),

    TARGET_NOT_FOUND(
            401,
            "A policy whose target is not there",
            "Correct targetRefs: the policy protects nothing."),
    TARGET_SECTION_NOT_FOUND(
            402,
            "A policy whose target has no such section",
            "Correct sectionName in targetRefs to a name of a rule, listener or port."),
    INVALID_TARGET_KIND(
            403,
            "A policy for a kind that it cannot be attached to",
            "Attach it to one of the kinds that docs/policies.md lists."),
    POLICY_CONFLICT(
            404,
            "Two policies of a kind with one target",
            "Write one policy with the sections of both."),
    POLICY_REFERENCE_NOT_FOUND(
            405,
            "A policy that refers to what is not there",
            "Create the Secret or ConfigMap, or correct its name and key."),
    INVALID_SECTION(
            406,
            "A section of a policy that cannot be used",
            "Correct the field; docs/policies.md describes the sections."),
    INVALID_CIDR(
            407,
            "A block of addresses that is none",
            "Write an address and a length of its prefix, such as 10.0.0.0/8."),
    UNSUPPORTED_HASH(
            408, "A password hash that is not supported", "Make the line anew with htpasswd -B.");

    private static final Map<String, FindingCode> BY_REASON =
            Map.ofEntries(
                    Map.entry("NamespaceBudgetExceeded", BUDGET_EXCEEDED),
                    Map.entry("UnsupportedValue", UNSUPPORTED_VALUE),
                    Map.entry("InternalError", INTERNAL_ERROR),
                    Map.entry("RefNotPermitted", REFERENCE_NOT_PERMITTED),
                    Map.entry("InvalidParameters", INVALID_PARAMETERS),
                    Map.entry("UnsupportedProtocol", UNSUPPORTED_PROTOCOL),
                    Map.entry("HostnameConflict", LISTENER_CONFLICT),
                    Map.entry("ProtocolConflict", LISTENER_CONFLICT),
                    Map.entry("PortUnavailable", LISTENER_CONFLICT),
                    Map.entry("InvalidCertificateRef", INVALID_CERTIFICATE),
                    Map.entry("InvalidClientCertificateRef", INVALID_CERTIFICATE),
                    Map.entry("InvalidCACertificateRef", INVALID_CERTIFICATE),
                    Map.entry("InvalidCACertificateKind", INVALID_CERTIFICATE),
                    Map.entry("NoValidCACertificate", INVALID_CERTIFICATE),
                    Map.entry("UnsupportedAddress", UNUSABLE_ADDRESS),
                    Map.entry("AddressNotUsable", UNUSABLE_ADDRESS),
                    Map.entry("InvalidRouteKinds", INVALID_ROUTE_KIND),
                    Map.entry("NotAllowed", LISTENERS_NOT_ALLOWED),
                    Map.entry("NoMatchingParent", LISTENER_NOT_FOUND),
                    Map.entry("NotAllowedByListeners", ROUTE_NOT_ALLOWED),
                    Map.entry("NoMatchingListenerHostname", HOSTNAMES_APART),
                    Map.entry("BackendNotFound", SERVICE_NOT_FOUND),
                    Map.entry("InvalidKind", INVALID_BACKEND_KIND),
                    Map.entry("IncompatibleFilters", INCOMPATIBLE_FILTERS),
                    Map.entry("BackendTLSPolicy", BACKEND_TLS_REFUSED),
                    Map.entry("TargetNotFound", TARGET_NOT_FOUND),
                    Map.entry("Conflicted", POLICY_CONFLICT));

    private final String id;
    private final Severity severity;
    private final String title;
    private final String action;

    FindingCode(int number, String title, String action) {
        this(number, Severity.ERROR, title, action);
    }

    FindingCode(int number, Severity severity, String title, String action) {
        this.id = "SL%04d".formatted(number);
        this.severity = severity;
        this.title = title;
        this.action = action;
    }

    /// Of what a condition's reason stands for, unless something more exact is known.
    public static FindingCode ofReason(String reason) {
        return BY_REASON.getOrDefault(reason, INVALID_SECTION);
    }

    /// Such as `SL0203`.
    public String id() {
        return id;
    }

    public Severity severity() {
        return severity;
    }

    /// What is wrong, in a few words.
    public String title() {
        return title;
    }

    /// What to do about it.
    public String action() {
        return action;
    }
}
