// HTTP authentication: Basic (RFC 7617) and Digest with MD5 (RFC 7616), in answer to a WWW-Authenticate field.
//
// Nothing is sent before a server has asked. Digest is preferred; of its algorithms MD5 is the one that all servers offer.
#pragma once

#include "net/random.h"
#include "util/result.h"
#include "util/text.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kHttpAuthUnknown{util::code::kFetch + 36,
                                                "the HTTP server asks for an authentication other than Basic and Digest MD5"};

class HttpAuthentication {
  public:
    // Takes a server's challenges, as HttpResponse has them. Failure: the one above, out of memory.
    util::Result<void> challenge(std::string_view challenges);
    bool challenged() const { return scheme_ != Scheme::None; }
    // Whether the last challenge says that not the password was wrong, but the nonce too old.
    bool stale() const { return util::equal_ignoring_case(parameters_.stale, "true"); }

    struct Request {
        std::string_view method, target;
    };
    // Appends an Authorization field with its line end; nothing when there was no challenge. Failure: out of memory.
    util::Result<void> append_field(util::String& text, const Request& request, std::string_view user,
                                    std::string_view password, Random& random);

  private:
    enum class Scheme : std::uint8_t { None, Basic, Digest };
    // Of a Digest challenge, as they stand between the quotes: views into text_.
    struct Parameters {
        std::string_view realm, nonce, opaque, qop, algorithm, stale;
    };
    static std::string_view* find(Parameters& parameters, std::string_view name);
    util::Result<void> append_basic(util::String& text, std::string_view user, std::string_view password) const;
    util::Result<void> append_digest(util::String& text, const Request& request, std::string_view user,
                                     std::string_view password, Random& random);

    Scheme scheme_ = Scheme::None;
    util::String text_;
    Parameters parameters_;
    std::uint32_t count_ = 0;  // of requests with this nonce
};

}  // namespace net
