// URIs (RFC 3986): taken apart, resolved against a base, percent-decoded.
//
// Lenient, as people write them: characters that ought to be escaped are taken as they are. What is after "scheme:"
// is also there whole, as opaque(), for schemes with a syntax of their own (iscsi:).
#pragma once

#include <optional>

#include "net/address.h"
#include "util/result.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kBadUri{util::code::kFetch + 1, "not a valid URI"};

class Uri {
  public:
    Uri() = default;  // an empty relative reference
    // An absolute URI or a relative reference. Failure: kBadUri (port or [address] malformed), out of memory.
    static util::Result<Uri> parse(std::string_view text);
    // The absolute URI that `reference` means when it is read in a document at `base` (RFC 3986 section 5.2).
    // Failure: likewise; kBadUri when the reference is relative and the base has no hierarchy (iscsi:).
    static util::Result<Uri> resolve(const Uri& base, std::string_view reference);
    // What DHCP's filename means: an absolute URI as it is, anything else a TFTP path on the next-server, byte for
    // byte ("/x" asks for "/x", "x" for "x", and % ? # are plain characters).
    static util::Result<Uri> from_boot_file(Ipv4Address next_server, std::string_view filename);

    std::string_view text() const { return text_; }
    // The text for the screen: without user and password, what is in front of them and what is behind.
    struct Shown {
        std::string_view front, rest;
    };
    Shown shown() const;
    bool is_absolute() const { return !scheme_.empty(); }
    bool scheme_is(std::string_view scheme) const { return util::equal_ignoring_case(scheme_, scheme); }
    std::string_view scheme() const { return scheme_; }  // as written; empty: relative
    std::string_view opaque() const { return opaque_; }  // everything behind "scheme:"
    std::string_view user_info() const { return user_info_; }
    std::string_view host() const { return host_; }  // without the brackets of [v6]
    std::optional<std::uint16_t> port() const { return port_; }
    std::string_view path() const { return path_; }
    std::string_view query() const { return query_; }        // without "?"
    std::string_view fragment() const { return fragment_; }  // without "#"
    // The name in "...##params=name", empty in "...##params"; nullopt without either.
    std::optional<std::string_view> params() const;

  private:
    util::Result<void> split();
    util::Result<void> split_authority(std::string_view authority);
    util::String text_;
    // All views are into text_, whose bytes stay where they are when the Uri is moved.
    std::string_view scheme_, opaque_, user_info_, host_, path_, query_, fragment_;
    std::optional<std::uint16_t> port_;
    bool has_authority_ = false, has_query_ = false;
};

// Length of the scheme that text begins with, without the colon; 0 when it begins with none. Schemes have two
// characters at least, so that "c:\file" is no URI.
std::size_t uri_scheme_length(std::string_view text);

// Appends text with %XX decoded; a % that begins no escape stays. Failure: out of memory.
util::Result<void> append_percent_decoded(util::String& target, std::string_view text);

}  // namespace net
