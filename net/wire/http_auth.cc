#include "net/wire/http_auth.h"

#include <algorithm>

#include "net/wire/http.h"
#include "util/base64.h"
#include "util/md5.h"

namespace net {

namespace {

bool is_separator(char c) { return c == ',' || c == ' ' || c == '\t'; }

// A list of schemes with their parameters (RFC 9110 section 11.6.1), one item after the other.
class Challenges {
  public:
    explicit Challenges(std::string_view text) : rest_(text) {}
    // False at the end. A scheme has no value.
    bool next() {
        while (!rest_.empty() && is_separator(rest_[0])) rest_.remove_prefix(1);
        if (rest_.empty()) return false;
        name = take_until(", \t=");
        std::string_view behind = util::trim(rest_);
        is_scheme = !behind.starts_with('=');
        if (is_scheme) return true;
        rest_ = util::trim(behind.substr(1));
        if (rest_.starts_with('"'))
            take_quoted();
        else
            value = take_until(", \t");
        return true;
    }
    std::string_view name, value;
    bool is_scheme = false;

  private:
    std::string_view take_until(std::string_view ends) {
        std::string_view taken = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(taken.size());
        return taken;
    }
    void take_quoted() {
        rest_.remove_prefix(1);
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        value = rest_.substr(0, end);
        rest_.remove_prefix(std::min(rest_.size(), end + 1));
    }
    std::string_view rest_;
};

class HexMd5 {
  public:
    HexMd5& add(std::string_view text) {
        md5_.update(util::as_bytes(text));
        return *this;
    }
    HexMd5& add(const char* literal) { return add(std::string_view(literal)); }
    // What a quoted string means: without the backslashes.
    HexMd5& add_quoted(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\' && i + 1 < text.size()) ++i;
            add(text.substr(i, 1));
        }
        return *this;
    }
    std::string_view hex() {
        hex_.clear();
        for (std::byte byte : md5_.digest()) hex_.hex(std::to_integer<std::uint8_t>(byte), 2);
        return hex_.view();
    }

  private:
    util::Md5 md5_;
    util::Text<32> hex_;
};

// , name="value"
util::Pieces& add_quoted(util::Pieces& pieces, const char* name, std::string_view value) {
    return pieces.add(", ").add(name).add("=\"").add(value).add("\"");
}

}  // namespace

std::string_view* HttpAuthentication::find(Parameters& parameters, std::string_view name) {
    static constexpr struct {
        std::string_view name;
        std::string_view Parameters::*place;
    } kKnown[] = {{"realm", &Parameters::realm},
                  {"nonce", &Parameters::nonce},
                  {"opaque", &Parameters::opaque},
                  {"qop", &Parameters::qop},
                  {"algorithm", &Parameters::algorithm},
                  {"stale", &Parameters::stale}};
    for (const auto& known : kKnown)
        if (util::equal_ignoring_case(name, known.name)) return &(parameters.*known.place);
    return nullptr;
}

util::Result<void> HttpAuthentication::challenge(std::string_view challenges) {
    TRY(text_.assign(challenges));
    scheme_ = Scheme::None;
    parameters_ = {};
    count_ = 0;
    Challenges list(text_.view());
    Parameters offered;
    bool in_digest = false, basic = false;
    auto choose = [&] {
        bool known = offered.algorithm.empty() || util::equal_ignoring_case(offered.algorithm, "MD5") ||
                     util::equal_ignoring_case(offered.algorithm, "MD5-sess");
        known &= offered.qop.empty() || http_list_has(offered.qop, "auth");
        if (!in_digest || !known || offered.nonce.empty() || scheme_ == Scheme::Digest) return;
        scheme_ = Scheme::Digest;
        parameters_ = offered;
    };
    while (list.next()) {
        if (list.is_scheme) {
            choose();
            offered = {};
            in_digest = util::equal_ignoring_case(list.name, "Digest");
            basic |= util::equal_ignoring_case(list.name, "Basic");
        } else if (std::string_view* place = find(offered, list.name)) {
            *place = list.value;
        }
    }
    choose();
    if (basic && scheme_ == Scheme::None) scheme_ = Scheme::Basic;
    if (scheme_ == Scheme::None) return kHttpAuthUnknown;
    return {};
}

util::Result<void> HttpAuthentication::append_field(util::String& text, const Request& request, std::string_view user,
                                                    std::string_view password, Random& random) {
    if (scheme_ == Scheme::None) return {};
    TRY(text.append("Authorization: "));
    if (scheme_ == Scheme::Basic)
        TRY(append_basic(text, user, password));
    else
        TRY(append_digest(text, request, user, password, random));
    return text.append("\r\n");
}

// RFC 7617 section 2.
util::Result<void> HttpAuthentication::append_basic(util::String& text, std::string_view user,
                                                    std::string_view password) const {
    TRY(text.append("Basic "));
    util::String plain;
    TRY(util::Pieces(plain).add(user).add(":").add(password).result());
    return util::append_base64(text, plain.view());
}

// RFC 7616 section 3.4; without qop, as RFC 2069 had it.
util::Result<void> HttpAuthentication::append_digest(util::String& text, const Request& request, std::string_view user,
                                                     std::string_view password, Random& random) {
    util::Text<8> count;
    util::Text<16> cnonce;
    count.hex(++count_, 8);
    cnonce.hex(random.u32(), 8).hex(random.u32(), 8);
    bool has_qop = !parameters_.qop.empty();

    HexMd5 secret, again, what, sum;
    std::string_view ha1 = secret.add(user).add(":").add_quoted(parameters_.realm).add(":").add(password).hex();
    if (parameters_.algorithm.size() > 3)  // MD5-sess
        ha1 = again.add(ha1).add(":").add_quoted(parameters_.nonce).add(":").add(cnonce.view()).hex();
    what.add(request.method).add(":").add(request.target);
    sum.add(ha1).add(":").add_quoted(parameters_.nonce).add(":");
    if (has_qop) sum.add(count.view()).add(":").add(cnonce.view()).add(":auth:");

    util::Pieces fields(text);
    fields.add("Digest username=\"");
    for (std::size_t i = 0; i < user.size(); ++i) {
        if (user[i] == '"' || user[i] == '\\') fields.add("\\");
        fields.add(user.substr(i, 1));
    }
    fields.add("\"");
    add_quoted(fields, "realm", parameters_.realm);
    add_quoted(fields, "nonce", parameters_.nonce);
    add_quoted(fields, "uri", request.target);
    add_quoted(fields, "response", sum.add(what.hex()).hex());
    if (!parameters_.algorithm.empty()) fields.add(", algorithm=").add(parameters_.algorithm);
    if (!parameters_.opaque.empty()) add_quoted(fields, "opaque", parameters_.opaque);
    if (has_qop) add_quoted(fields.add(", qop=auth, nc=").add(count.view()), "cnonce", cnonce.view());
    return fields.result();
}

}  // namespace net
