#include "net/fetch/http_requester.h"

namespace net {

namespace {

enum Status : std::uint16_t {
    kMovedPermanently = 301,
    kFound = 302,
    kSeeOther = 303,
    kTemporaryRedirect = 307,
    kPermanentRedirect = 308,
    kUnauthorized = 401,
    kForbidden = 403,
    kNotFound = 404,
    kGone = 410,
    kInternalServerError = 500,
};

// Escapes that are there stay, and what a URI cannot have is escaped, so that nothing ends the line early.
util::Result<void> append_target(util::String& target, std::string_view text) {
    for (char c : text) {
        constexpr std::string_view kUnsafe = "\"<>\\^`{|}";
        if (c > ' ' && c <= '~' && kUnsafe.find(c) == kUnsafe.npos) {
            TRY(target.push(c));
            continue;
        }
        util::Text<3> escape;
        escape.character('%').hex(static_cast<unsigned char>(c), 2);
        TRY(target.append(escape.view()));
    }
    return {};
}

std::uint16_t port_of(const Uri& uri) { return uri.port().value_or(uri.scheme_is("https") ? kHttpsPort : kHttpPort); }

// What is relative to a file that a server has opened for somebody is fetched as that one.
util::Result<Uri> with_user_info(const Uri& uri, std::string_view user_info) {
    constexpr std::string_view kSlashes = "//";
    util::String text;
    TRY(text.append(uri.scheme()));
    TRY(text.append("://"));
    TRY(text.append(user_info));
    if (!user_info.empty()) TRY(text.append("@"));
    TRY(text.append(uri.opaque().substr(kSlashes.size())));
    return Uri::parse(text);
}

util::Result<void> set_credential(util::String& target, std::string_view text) {
    target.clear();
    TRY(append_percent_decoded(target, text));
    for (char c : target.view())
        if (static_cast<unsigned char>(c) < ' ') return kBadUri;
    return {};
}

}  // namespace

const util::Failure& http_failure(std::uint16_t status) {
    switch (status) {
        case kUnauthorized: return kHttpUnauthorized;
        case kForbidden: return kHttpForbidden;
        case kNotFound:
        case kGone: return kHttpNotFound;
        default: return status >= kInternalServerError ? kHttpServerError : kHttpRefused;
    }
}

bool is_same_server(const Uri& a, const Uri& b) {
    return util::equal_ignoring_case(a.host(), b.host()) && port_of(a) == port_of(b) && util::equal_ignoring_case(a.scheme(), b.scheme());
}

std::uint16_t HttpRequester::port() const { return port_of(uri_); }

util::Result<void> HttpRequester::start(const Uri& uri, const FetchRequest& request) {
    request_ = request;
    redirects_ = 0;
    user_.clear();
    password_.clear();
    return set_uri(TRY(Uri::parse(uri.text())));
}

util::Result<void> HttpRequester::set_uri(Uri uri) {
    bool is_secure = uri.scheme_is("https");
    if (is_secure && !context_.securer) return kHttpsUnsupported;
    if (!is_secure && !uri.scheme_is("http")) return kUnknownScheme;
    if (uri.host().empty()) return kNoHost;
    if (!uri.user_info().empty()) {
        util::Split pair = util::split_first(uri.user_info(), ':');
        TRY(set_credential(user_, pair.before));
        TRY(set_credential(password_, pair.after));
    }
    target_.clear();
    if (!uri.path().starts_with('/')) TRY(target_.push('/'));
    TRY(append_target(target_, uri.path()));
    if (!uri.query().empty()) {
        TRY(target_.push('?'));
        TRY(append_target(target_, uri.query()));
    }
    uri_ = std::move(uri);
    return {};
}

util::Result<void> HttpRequester::append_request(util::String& text, std::string_view agent,
                                                 std::optional<Range> range) {
    std::string_view method = request_.form ? "POST" : "GET", target = target_.view(), host = uri_.host();
    util::Pieces pieces(text);
    pieces.add(method).add(" ").add(target).add(" HTTP/1.1\r\nHost: ").add(host);
    util::Text<160> line;
    if (uri_.port()) line.character(':').decimal(*uri_.port());
    line.format("\r\nUser-Agent: %v\r\n", &agent);
    if (range) line.format("Range: bytes=%lu-", range->first);
    if (range && range->last != Range::kToTheEnd) line.decimal(range->last);
    if (range) line.text("\r\n");
    pieces.add(line.view());
    if (range && !range->if_range.empty()) pieces.add("If-Range: ").add(range->if_range).add("\r\n");
    has_authenticated_ = authentication_.challenged();
    TRY(authentication_.append_field(text, {method, target}, user_, password_, context_.random));
    pieces.add(request_.headers);
    if (request_.form) {
        line.clear();
        line.format("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %lu\r\n",
                    std::uint64_t{request_.form->size()});
        pieces.add(line.view());
    }
    return pieces.add("\r\n").add(request_.form.value_or("")).result();
}

util::Result<HttpRequester::Next> HttpRequester::follow(const HttpResponse& response) {
    switch (response.status) {
        case kUnauthorized: return authenticate(response);
        case kMovedPermanently:
        case kFound:
        case kSeeOther:
            // A form is not sent again to where one is told to look for the answer (RFC 9110 section 15.4).
            request_.form.reset();
            [[fallthrough]];
        case kTemporaryRedirect:
        case kPermanentRedirect: return redirect(response);
        default: redirects_ = 0; return Next::Take;
    }
}

// A second refusal is one, unless the server has only grown tired of the nonce.
util::Result<HttpRequester::Next> HttpRequester::authenticate(const HttpResponse& response) {
    if (user_.empty() && password_.empty()) return kHttpUnauthorized;
    TRY(authentication_.challenge(response.challenges));
    if (has_authenticated_ && !authentication_.stale()) return kHttpUnauthorized;
    if (++redirects_ > kMostRedirects) return kHttpUnauthorized;
    return Next::Again;
}

util::Result<HttpRequester::Next> HttpRequester::redirect(const HttpResponse& response) {
    if (response.location.empty()) return kHttpBadRedirect;
    if (++redirects_ > kMostRedirects) return kHttpRedirects;
    Uri uri = TRY(Uri::resolve(uri_, response.location));
    if (is_same_server(uri, uri_)) {
        if (uri.user_info().empty()) uri = TRY(with_user_info(uri, uri_.user_info()));
    } else {
        // What opens one server is no business of another one.
        user_.clear();
        password_.clear();
        authentication_ = {};
        request_.headers = {};
    }
    TRY(set_uri(std::move(uri)));
    return Next::Again;
}

}  // namespace net
