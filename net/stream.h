// A reliable byte stream: what TCP and TLS offer, and what iSCSI and HTTP are written against.
// Polled: nothing blocks and nothing calls upward.
#pragma once

#include <cstddef>
#include <string_view>

#include "net/address.h"
#include "util/bytes.h"
#include "util/owned.h"
#include "util/result.h"
#include "util/text.h"

namespace net {

class Stream {
  public:
    virtual ~Stream() = default;

    enum class State {
        Connecting,
        Open,
        PeerClosed,  // the peer has sent its FIN and all its data has been read; sending is still possible
        Failed,      // failure() says why; nothing more comes or goes
        Closed,      // both sides are done
    };
    virtual State state() const = 0;
    // Why it failed: refused, reset, timed out, no route. Only in State::Failed.
    virtual const util::Failure& failure() const = 0;

    // Takes as much as fits into the send queue, possibly nothing, and says how much. The bytes are copied.
    virtual std::size_t send(util::Bytes data) = 0;
    virtual std::size_t send_room() const = 0;

    // Received bytes in order, as one contiguous piece (there may be more behind it); empty when there are none.
    // Valid until the next consume() or poll.
    virtual util::Bytes peek() const = 0;
    virtual void consume(std::size_t count) = 0;
    // Copies out what there is, at most target.size(). One copy, from packets to the final place.
    virtual std::size_t receive(util::MutableBytes target) = 0;
    // All received bytes in order that can be had now.
    virtual std::size_t readable() const = 0;

    // Orderly: sends what is queued, then FIN. The object may be destroyed at once afterwards; the stack finishes
    // in the background.
    virtual void close() = 0;
    // RST.
    virtual void abort() = 0;
};

// Makes streams: TCP over a stack, or a test's own.
class Connector {
  public:
    virtual ~Connector() = default;
    // Starts connecting; the stream is in State::Connecting. Failure: no route, or no memory.
    virtual util::Result<util::Owned<Stream>> connect(const Ipv4Endpoint& remote) = 0;
};

// Makes streams that nobody else can read, over others, to a server that proves to be that host: TLS.
class Securer {
  public:
    virtual ~Securer() = default;
    // The stream is in State::Connecting until the server has proved it. If it fails until then, `detail`, which must outlive the
    // stream, says more. Failure: what keeps this machine from it.
    virtual util::Result<util::Owned<Stream>> secure(util::Owned<Stream> below, std::string_view host, util::TextSink& detail) = 0;
};

}  // namespace net
