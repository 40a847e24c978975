// A resource on its way here by HTTP (RFC 9110, 9112), over as many requests and connections as it takes: redirects,
// authentication, servers that are busy, and connections that break in the middle, after which it goes on where it was.
#pragma once

#include "net/fetch/http_requester.h"

namespace net {

class HttpDownload {
  public:
    // A connection that the server leaves open is kept in the context for the next one.
    explicit HttpDownload(FetchContext& context) : context_(context), requester_(context) {}
    HttpDownload(const HttpDownload&) = delete;
    ~HttpDownload() { drop_connection(); }

    // Asks, and waits until the server sends the resource. Waits as Retry-After says, a few minutes at most. Failure: those of
    // HttpRequester and HttpReader, of the resolver, of TCP, kHttpStalled, and what the status is called.
    util::Result<void> open(const Uri& uri, const FetchRequest& request);
    std::optional<std::uint64_t> size() const { return size_; }

    // All of it. Failure: the sink's, and those of open(); kHttpChanged.
    util::Result<void> read(FetchSink& sink);
    // At most so many bytes of what has arrived, without waiting, unless the connection has broken. False: nothing has.
    util::Result<bool> take(FetchSink& sink, std::size_t most);
    bool done() const { return answer_ended() && !is_short(); }
    // Whether take() has something, or would fail.
    bool is_ready() const { return answer_ended() || stream_->readable() || stream_->state() != Stream::State::Open; }

  private:
    // Until the server has answered with something that is for the caller to judge.
    util::Result<void> request_it();
    util::Result<void> ask();
    util::Result<void> ask_once();
    util::Result<void> connect();
    util::Result<void> await_connection();
    util::Result<void> send_request();
    util::Result<void> await_head();
    util::Result<void> read_body(FetchSink& sink);
    struct Moved {
        bool any = false;
        const util::Failure* broken = nullptr;   // the connection or what came by it
        const util::Failure* refused = nullptr;  // by the sink
        util::Result<void> result() const;
    };
    Moved move(FetchSink* sink, std::size_t most);
    bool answer_ended() const { return reader_.state() == HttpReader::State::Done; }
    // Of a part that was asked for to go on, the server may send less (RFC 9110 section 15.3.7).
    bool is_short() const { return size_ && received_ < *size_; }
    // Goes on where the connection broke, or says why not.
    util::Result<void> resume(const util::Failure& broken);
    bool is_the_rest() const;
    util::Result<void> fail_by_status();
    std::uint32_t seconds_to_wait();
    void tell_status();
    void keep_connection();
    void drop_connection() {
        if (stream_) stream_->abort();
        stream_.reset();
    }

    FetchContext& context_;
    HttpRequester requester_;
    HttpReader reader_;
    util::Owned<Stream> stream_;
    bool is_reused_ = false;  // the stream has served a fetch before
    unsigned waits_ = 0;
    std::optional<std::uint64_t> size_;
    std::uint64_t received_ = 0;
    util::String validator_;  // of the resource, for going on; empty: the server has given none
    unsigned resumes_ = 0;
};

}  // namespace net
