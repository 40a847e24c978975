// A Connector behind which a test's own HTTP server answers whole requests as it likes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/san/fake_stream.h"
#include "util/loop.h"

namespace net {

class FakeHttp final : public Connector, public util::Poller {
  public:
    struct Connection {
        Ipv4Endpoint remote;
        std::shared_ptr<fake::Pipe> pipe;
        std::vector<std::string> requests;
    };
    // What to answer; the connection may be closed or broken meanwhile. Appended to what the client reads.
    std::function<std::string(const std::string& request, Connection& connection)> answer;
    std::vector<std::unique_ptr<Connection>> connections;
    std::vector<std::string> requests;  // of all connections
    bool refuse = false;
    std::size_t piece = SIZE_MAX;  // the client sees so many bytes at once

    util::Result<util::Owned<Stream>> connect(const Ipv4Endpoint& remote) override {
        auto connection = std::make_unique<Connection>();
        connection->remote = remote;
        connection->pipe = std::make_shared<fake::Pipe>();
        connection->pipe->piece = piece;
        if (refuse) connection->pipe->fail(fake::kRefused);
        auto stream = TRY(util::make_owned<fake::Stream>(connection->pipe));
        connections.push_back(std::move(connection));
        return util::Owned<Stream>(std::move(stream));
    }
    bool poll(util::Instant) override {
        bool progress = false;
        for (std::size_t i = 0; i < connections.size(); ++i) progress |= serve(*connections[i]);
        return progress;
    }

  private:
    bool serve(Connection& connection) {
        std::string& input = connection.pipe->to_server;
        std::size_t end = input.find("\r\n\r\n");
        if (end == std::string::npos || connection.pipe->state != Stream::State::Open) return false;
        std::size_t length = end + 4, at = input.find("Content-Length: ");
        if (at < end) length += std::stoul(input.substr(at + 16));
        if (input.size() < length) return false;
        std::string request = input.substr(0, length);
        input.erase(0, length);
        connection.requests.push_back(request);
        requests.push_back(request);
        connection.pipe->to_client += answer(request, connection);
        return true;
    }
};

}  // namespace net
