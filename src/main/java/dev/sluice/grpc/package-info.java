/// gRPC as a client in unary calls: framing, status, and the messages of `src/main/protobuf`.
@NullMarked
package dev.sluice.grpc;

import org.jspecify.annotations.NullMarked;
