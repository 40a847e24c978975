// What BearSSL's errors and the alerts of servers (RFC 5246 section 7.2) are called.
#pragma once

#include "util/result.h"
#include "util/text.h"

namespace net {

const util::Failure& tls_failure(unsigned error);
void explain_tls_error(unsigned error, util::TextSink& target);

}  // namespace net
