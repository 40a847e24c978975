#include "net/fetch/uri.h"

namespace net {

using namespace std::string_view_literals;

namespace {

bool is_letter(char c) {
    c = util::to_lower(c);
    return c >= 'a' && c <= 'z';
}

bool is_scheme_character(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// Text put together piece by piece; the first piece there is no memory for is remembered, and asked for once.
class Builder {
  public:
    void add(std::string_view piece) {
        if (added_.ok()) added_ = text_.append(piece);
    }
    std::string_view view() const { return text_; }
    void truncate(std::size_t size) { text_.truncate(size); }
    util::Result<Uri> parse() const {
        if (!added_.ok()) return added_.failure();
        return Uri::parse(text_);
    }

  private:
    util::String text_;
    util::Result<void> added_;
};

// RFC 3986 section 5.2.4. Appends path to target with "." and ".." worked off; what target held before stays.
void add_without_dot_segments(Builder& target, std::string_view path) {
    std::size_t floor = target.view().size();
    while (!path.empty()) {
        bool rooted = path[0] == '/';
        std::size_t end = path.find('/', rooted ? 1 : 0);
        std::string_view piece = path.substr(0, end);  // "/segment", or "segment" at the very start
        std::string_view segment = piece.substr(rooted ? 1 : 0);
        path.remove_prefix(piece.size());
        if (!util::equal(segment, ".") && !util::equal(segment, "..")) {
            target.add(piece);
            continue;
        }
        if (util::equal(segment, "..")) {
            std::size_t slash = target.view().substr(floor).rfind('/');
            target.truncate(floor + (slash == std::string_view::npos ? 0 : slash));
        }
        if (path.empty() && rooted) target.add("/"sv);
        if (!rooted && !path.empty()) path.remove_prefix(1);
    }
}

// RFC 3986 section 5.2.3: the base's path up to its last slash, then the reference's path.
void add_merged(Builder& target, std::string_view base_path, std::string_view path) {
    Builder merged;
    if (path.starts_with('/'))
        base_path = {};
    else if (base_path.empty())
        base_path = "/";
    else
        base_path = base_path.substr(0, base_path.rfind('/') + 1);
    merged.add(base_path);
    merged.add(path);
    add_without_dot_segments(target, merged.view());
}

}  // namespace

Uri::Shown Uri::shown() const {
    std::string_view text = text_;
    if (user_info_.empty()) return {text, {}};
    auto at = static_cast<std::size_t>(user_info_.data() - text.data());
    return {text.substr(0, at), text.substr(at + user_info_.size() + 1)};
}

std::size_t uri_scheme_length(std::string_view text) {
    std::size_t colon = text.find(':');
    if (colon == text.npos || colon < 2 || !is_letter(text[0])) return 0;
    for (char c : text.substr(0, colon))
        if (!is_scheme_character(c)) return 0;
    return colon;
}

util::Result<void> append_percent_decoded(util::String& target, std::string_view text) {
    while (!text.empty()) {
        if (text[0] == '%' && text.size() >= 3) {
            int high = util::hex_digit(text[1]), low = util::hex_digit(text[2]);
            if (high >= 0 && low >= 0) {
                TRY(target.push(static_cast<char>(high << 4 | low)));
                text.remove_prefix(3);
                continue;
            }
        }
        std::size_t plain = text.find('%', 1);
        TRY(target.append(text.substr(0, plain)));
        text.remove_prefix(plain == text.npos ? text.size() : plain);
    }
    return {};
}

util::Result<Uri> Uri::parse(std::string_view text) {
    Uri uri;
    TRY(uri.text_.append(text));
    TRY(uri.split());
    return uri;
}

util::Result<void> Uri::split() {
    std::string_view rest = text_;
    if (std::size_t length = uri_scheme_length(rest)) {
        scheme_ = rest.substr(0, length);
        rest.remove_prefix(length + 1);
    }
    opaque_ = rest;
    util::Split fragment = util::split_first(rest, '#');
    fragment_ = fragment.after;
    util::Split query = util::split_first(fragment.before, '?');
    query_ = query.after;
    has_query_ = query.found;
    path_ = query.before;
    if (path_.starts_with("//")) {
        has_authority_ = true;
        path_.remove_prefix(2);
        std::string_view authority = path_.substr(0, path_.find('/'));
        path_.remove_prefix(authority.size());
        TRY(split_authority(authority));
    }
    return {};
}

util::Result<void> Uri::split_authority(std::string_view authority) {
    if (std::size_t at = authority.rfind('@'); at != authority.npos) {
        user_info_ = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    std::string_view port;
    if (authority.starts_with('[')) {
        std::size_t end = authority.find(']');
        if (end == authority.npos) return kBadUri;
        host_ = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
        if (!port.empty() && port[0] != ':') return kBadUri;
    } else {
        std::size_t colon = authority.find(':');
        host_ = authority.substr(0, colon);
        port = authority.substr(host_.size());
    }
    if (port.size() <= 1) return {};  // no port, or the empty one that RFC 3986 section 3.2.3 allows
    auto number = util::parse_decimal(port.substr(1));
    if (!number || *number == 0 || *number > 0xffff) return kBadUri;
    port_ = static_cast<std::uint16_t>(*number);
    return {};
}

std::optional<std::string_view> Uri::params() const {
    std::string_view text = fragment_;
    if (text.starts_with('#')) text.remove_prefix(1);
    constexpr std::string_view kName = "params";
    if (!text.starts_with(kName)) return std::nullopt;
    text.remove_prefix(kName.size());
    if (text.empty()) return text;
    if (text[0] != '=') return std::nullopt;
    return text.substr(1);
}

util::Result<Uri> Uri::resolve(const Uri& base, std::string_view text) {
    Uri reference = TRY(parse(text));
    if (reference.is_absolute()) return reference;
    bool hierarchical = base.has_authority_ || base.path_.starts_with('/');
    if (!base.is_absolute() || !hierarchical) return kBadUri;
    Builder target;
    target.add(base.scheme_);
    target.add(":"sv);
    if (reference.has_authority_) {
        target.add(text);
        return target.parse();
    }
    // The base's authority lies between "//" and its path; without one this adds nothing.
    target.add(base.opaque_.substr(0, static_cast<std::size_t>(base.path_.data() - base.opaque_.data())));
    if (reference.path_.empty())
        target.add(base.path_);
    else
        add_merged(target, base.path_, reference.path_);
    bool keeps_query = reference.path_.empty() && !reference.has_query_;
    const Uri& queried = keeps_query ? base : reference;
    if (queried.has_query_) {
        target.add("?"sv);
        target.add(queried.query_);
    }
    if (std::size_t hash = text.find('#'); hash != text.npos) target.add(text.substr(hash));
    return target.parse();
}

util::Result<Uri> Uri::from_boot_file(Ipv4Address next_server, std::string_view filename) {
    std::size_t scheme = uri_scheme_length(filename);
    // "pxe:linux.0" is a file; of the schemes without "//" only iscsi: is known.
    if (scheme && (filename.substr(scheme).starts_with("://") ||
                   util::equal_ignoring_case(filename.substr(0, scheme), "iscsi")))
        return parse(filename);
    Builder text;
    text.add("tftp://"sv);
    text.add(to_text(next_server).view());
    text.add("/"sv);
    while (!filename.empty()) {
        std::size_t plain = filename.find_first_of("%?#");
        text.add(filename.substr(0, plain));
        if (plain == filename.npos) break;
        util::Text<3> escape;
        escape.character('%').hex(static_cast<unsigned char>(filename[plain]), 2);
        text.add(escape.view());
        filename.remove_prefix(plain + 1);
    }
    return text.parse();
}

}  // namespace net
