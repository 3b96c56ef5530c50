package dev.sluice.filter;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.http.DroppedFields;
import dev.sluice.http.HttpSyntax;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The message `envoy.service.auth.v3.CheckResponse`: `status` (1), `denied_response` (2),
/// `ok_response` (3).
final class CheckResponse {

    private int code;
    private int status;
    private String body = "";
    private final List<Change> changes = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<Map.Entry<String, String>> responseFields = new ArrayList<>();

    /// `HeaderValueOption`.
    private record Change(String name, String value, boolean append) {}

    /// Reads one field of a message, or skips it.
    private interface Reader {
        boolean read(int field, CodedInputStream in) throws IOException;
    }

    static CheckResponse decoded(CodedInputStream in) throws IOException {
        CheckResponse response = new CheckResponse();
        message(in, response::top);
        return response;
    }

    /// Whether the request may pass.
    boolean isOk() {
        return code == 0;
    }

    /// Of a denial; 0 where the server says none that HTTP has.
    int status() {
        return status >= 200 && status < 600 ? status : 0;
    }

    String body() {
        return body;
    }

    List<Map.Entry<String, String>> responseFields() {
        return responseFields;
    }

    /// Changes fields as the server says: of the request, or of the denial.
    void change(HttpHeaders headers) {
        removed.stream().filter(CheckResponse::isFree).forEach(headers::remove);
        for (Change change : changes) {
            if (change.append()) {
                headers.add(change.name(), change.value());
            } else {
                headers.set(change.name(), change.value());
            }
        }
    }

    private static void message(CodedInputStream in, Reader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!reader.read(WireFormat.getTagFieldNumber(tag), in)) {
                in.skipField(tag);
            }
        }
    }

    private static boolean nested(CodedInputStream in, Reader reader) throws IOException {
        message(CodedInputStream.newInstance(in.readByteArray()), reader);
        return true;
    }

    private boolean top(int field, CodedInputStream in) throws IOException {
        return switch (field) {
            case 1 -> nested(in, this::rpcStatus);
            case 2 -> nested(in, this::denied);
            case 3 -> nested(in, this::ok);
            default -> false;
        };
    }

    private boolean rpcStatus(int field, CodedInputStream in) throws IOException {
        if (field != 1) {
            return false;
        }
        code = in.readInt32();
        return true;
    }

    /// `DeniedHttpResponse`: `status` (1), `headers` (2), `body` (3).
    private boolean denied(int field, CodedInputStream in) throws IOException {
        switch (field) {
            case 1 -> nested(in, this::httpStatus);
            case 2 -> changed(in);
            case 3 -> body = in.readString();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean httpStatus(int field, CodedInputStream in) throws IOException {
        if (field != 1) {
            return false;
        }
        status = in.readEnum();
        return true;
    }

    /// `OkHttpResponse`: `headers` (2), `headers_to_remove` (5), `response_headers_to_add` (6).
    private boolean ok(int field, CodedInputStream in) throws IOException {
        switch (field) {
            case 2 -> changed(in);
            case 5 -> removed.add(in.readString());
            case 6 -> {
                HeaderOption option = HeaderOption.read(in);
                if (isSafe(option)) {
                    responseFields.add(Map.entry(option.name, option.value));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void changed(CodedInputStream in) throws IOException {
        HeaderOption option = HeaderOption.read(in);
        if (isSafe(option)) {
            changes.add(new Change(option.name, option.value, option.append));
        }
    }

    private static boolean isFree(String name) {
        return DroppedFields.EXTERNAL_AUTH.admits(name);
    }

    private static boolean isSafe(HeaderOption option) {
        return isFree(option.name)
                && HttpSyntax.isToken(option.name)
                && HttpSyntax.isFieldValue(option.value);
    }

    /// `HeaderValueOption`: `header` (1) with `key` (1), `value` (2) and `raw_value` (3); `append`
    /// (2); `append_action` (3).
    private static final class HeaderOption {

        private String name = "";
        private String value = "";
        private boolean append;

        static HeaderOption read(CodedInputStream in) throws IOException {
            HeaderOption option = new HeaderOption();
            nested(in, option::field);
            return option;
        }

        private boolean field(int field, CodedInputStream in) throws IOException {
            return switch (field) {
                case 1 -> nested(in, this::header);
                case 2 -> nested(in, this::appended);
                default -> false;
            };
        }

        private boolean header(int field, CodedInputStream in) throws IOException {
            switch (field) {
                case 1 -> name = in.readString();
                case 2, 3 -> value = in.readString();
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean appended(int field, CodedInputStream in) throws IOException {
            if (field != 1) {
                return false;
            }
            append = in.readBool();
            return true;
        }
    }
}
