#include "net/tls/tls_words.h"

#include <algorithm>

#include "net/tls/tls_stream.h"

namespace net {

namespace {

struct Word {
    std::uint8_t number;
    const char* text;
};

constexpr Word kAlerts[] = {
    {10, "unexpected message"},
    {20, "bad record MAC"},
    {22, "record overflow"},
    {40, "handshake failure: no cipher suite in common, or it wants a client certificate"},
    {42, "bad certificate"},
    {43, "unsupported certificate"},
    {44, "certificate revoked"},
    {45, "certificate expired"},
    {46, "certificate unknown"},
    {47, "illegal parameter"},
    {48, "unknown authority"},
    {49, "access denied"},
    {50, "decode error"},
    {51, "decrypt error"},
    {70, "protocol version: it wants another one than TLS 1.2"},
    {71, "insufficient security"},
    {80, "internal error"},
    {86, "inappropriate fallback"},
    {90, "user cancelled"},
    {110, "unsupported extension"},
    {112, "unrecognized name: it does not know this server name"},
    {116, "certificate required: it wants a client certificate"},
    {120, "no application protocol"},
};

bool is_alert(unsigned error) { return error >= BR_ERR_RECV_FATAL_ALERT && error < BR_ERR_SEND_FATAL_ALERT; }

}  // namespace

const util::Failure& tls_failure(unsigned error) {
    if (is_alert(error)) return kTlsAlert;
    switch (error) {
        case BR_ERR_UNSUPPORTED_VERSION:
        case BR_ERR_BAD_CIPHER_SUITE:
        case BR_ERR_INVALID_ALGORITHM:
        case BR_ERR_NO_CLIENT_AUTH: return kTlsDifferent;
        case BR_ERR_BAD_MAC: return kTlsDamaged;
        default: return kTlsNonsense;
    }
}

void explain_tls_error(unsigned error, util::TextSink& target) {
    target.clear();
    if (!is_alert(error)) {
        if (error == BR_ERR_UNSUPPORTED_VERSION) target.text("it offers another version than TLS 1.2");
        else if (error == BR_ERR_NO_CLIENT_AUTH) target.text("it wants a client certificate");
        else target.format("BearSSL's reason %u", error);
        return;
    }
    auto* word = std::ranges::find(kAlerts, error - BR_ERR_RECV_FATAL_ALERT, &Word::number);
    target.text("the server's alert: ");
    if (word == std::end(kAlerts)) target.format("number %u", error - BR_ERR_RECV_FATAL_ALERT);
    else target.text(word->text);
}

}  // namespace net
