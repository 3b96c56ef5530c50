package dev.sluice.translate.status;

import java.util.List;

/// What GatewayClasses say that we support: the names of `sigs.k8s.io/gateway-api/pkg/features`,
/// sorted as GEP-2162 demands.
public final class SupportedFeatures {

    public static final List<String> SUPPORTED =
            List.of(
                    "BackendTLSPolicy",
                    "BackendTLSPolicySANValidation",
                    "GRPCRoute",
                    "GRPCRouteNamedRouteRule",
                    "Gateway",
                    "GatewayAddressEmpty",
                    "GatewayBackendClientCertificate",
                    "GatewayFrontendClientCertificateValidation",
                    "GatewayFrontendClientCertificateValidationInsecureFallback",
                    "GatewayHTTPListenerIsolation",
                    "GatewayHTTPSListenerDetectMisdirectedRequests",
                    "GatewayInfrastructure",
                    "GatewayPort8080",
                    "GatewayStaticAddresses",
                    "HTTPRoute",
                    "HTTPRoute303RedirectStatusCode",
                    "HTTPRoute307RedirectStatusCode",
                    "HTTPRoute308RedirectStatusCode",
                    "HTTPRouteBackendProtocolH2C",
                    "HTTPRouteBackendProtocolWebSocket",
                    "HTTPRouteBackendRequestHeaderModification",
                    "HTTPRouteBackendTimeout",
                    "HTTPRouteCORS",
                    "HTTPRouteDestinationPortMatching",
                    "HTTPRouteHostRewrite",
                    "HTTPRouteMethodMatching",
                    "HTTPRouteNamedRouteRule",
                    "HTTPRouteParentRefPort",
                    "HTTPRoutePathRedirect",
                    "HTTPRoutePathRewrite",
                    "HTTPRoutePortRedirect",
                    "HTTPRouteQueryParamMatching",
                    "HTTPRouteRequestMirror",
                    "HTTPRouteRequestMultipleMirrors",
                    "HTTPRouteRequestPercentageMirror",
                    "HTTPRouteRequestTimeout",
                    "HTTPRouteResponseHeaderModification",
                    "HTTPRouteRetry",
                    "HTTPRouteRetryBackendTimeout",
                    "HTTPRouteRetryConnectionError",
                    "HTTPRouteSchemeRedirect",
                    "ListenerSet",
                    "ReferenceGrant",
                    "TCPRoute",
                    "TLSRoute",
                    "TLSRouteModeMixed",
                    "TLSRouteModeTerminate");

    private SupportedFeatures() {}
}
