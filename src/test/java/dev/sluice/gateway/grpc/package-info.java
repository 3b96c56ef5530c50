/// gRPC through the gateway, with grpc-java on both ends.
@NullMarked
package dev.sluice.gateway.grpc;

import org.jspecify.annotations.NullMarked;
