// Files of certificates or signatures: DER as it is, or PEM (RFC 7468), which may have several, with other text between them.
#pragma once

#include "util/bytes.h"
#include "util/result.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kBadPem{util::code::kFetch + 70, "what is between the BEGIN and END lines of a PEM file is damaged"};

class PemReader {
  public:
    explicit PemReader(util::Bytes file) : rest_(util::as_text(file)) {}
    // The next piece of DER: what is labelled so ("CERTIFICATE"), or the whole of a file that is not PEM, once. False: there is no more.
    // Failure: kBadPem, out of memory.
    util::Result<bool> next(std::string_view label, util::Vector<std::byte>& der);

  private:
    std::string_view rest_;
    bool is_started_ = false, is_der_ = false;
};

}  // namespace net
