// HTTP/1.1 answers as they come off a stream (RFC 9110 for what fields mean, RFC 9112 for how messages are framed).
//
// HttpReader is given whatever bytes there are, in pieces of any size, and hands the body back as parts of them, so
// nothing but lines of the head is copied. All limits on what a server may send are here.
#pragma once

#include <optional>

#include "util/bytes.h"
#include "util/result.h"
#include "util/text.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kHttpMalformed{util::code::kFetch + 32, "that is no HTTP answer"};
inline constexpr util::Failure kHttpHeadTooLong{util::code::kFetch + 33, "the HTTP server's answer has too long a head"};
inline constexpr util::Failure kHttpEncoding{util::code::kFetch + 34, "the HTTP server answers in an encoding that is not known"};
inline constexpr util::Failure kHttpShort{util::code::kFetch + 35, "the HTTP server closed the connection before the end"};

inline constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

// Whether a comma-separated list has that word (RFC 9110 section 5.6.1).
bool http_list_has(std::string_view list, std::string_view word);

// Content-Range (RFC 9110 section 14.4).
struct HttpContentRange {
    std::uint64_t first = 0, last = 0;  // both 0 in "bytes */size", the answer to an impossible range
    std::optional<std::uint64_t> size;  // of the whole; "*": the server does not say
};

struct HttpResponse {
    std::uint16_t status = 0;           // 0: not known yet
    bool keeps_open = false;            // another request may follow on the connection
    bool is_plain_text = false;
    std::optional<std::uint64_t> length;
    std::optional<HttpContentRange> range;
    std::optional<std::uint32_t> retry_after;  // seconds; 0 for a date, which nobody here can tell the time of
    // Changes when the resource does: of ETag and Last-Modified as they are written. 0: the server sent neither.
    std::uint32_t validator = 0;
    util::String validator_text;  // of those two what may be sent in If-Range: a strong ETag, or a date
    util::Text<64> reason;  // the server's word for the status, printable
    util::String location;
    util::String challenges;  // the values of all WWW-Authenticate fields, with commas between them
};

class HttpReader {
  public:
    // A longer field is not looked at; more than that of them all is an error.
    static constexpr std::size_t kLongestLine = 4096, kLongestHead = 65536;

    enum class Body : std::uint8_t { Expected, None };  // None: the answer to HEAD
    enum class State : std::uint8_t { Head, Body, Done, Failed };

    // For the next answer on the same stream.
    void start(Body body);
    State state() const { return state_; }
    const HttpResponse& response() const { return response_; }  // complete but in State::Head
    const util::Failure& failure() const { return *failure_; }  // in State::Failed
    bool has_begun() const { return head_size_ != 0; }

    // Takes bytes off the front of input, at least one when there are any, unless Done or Failed.
    struct Taken {
        std::size_t count;
        util::Bytes body;  // the part of them that is content
    };
    Taken take(util::Bytes input);
    // The server will send no more: the end of some bodies, and a failure otherwise.
    void end();

  private:
    enum class Step : std::uint8_t { Status, Fields, Counted, ToTheEnd, ChunkSize, ChunkData, ChunkEnd, Trailers };

    void begin_head();
    void fail(const util::Failure& failure);
    void take_line();
    void take_status(std::string_view line);
    void take_field(std::string_view line);
    void take_chunk_size(std::string_view line);
    void head_complete();
    void done() { state_ = State::Done; }

    State state_ = State::Head;
    Step step_ = Step::Status;
    Body body_ = Body::Expected;
    bool chunked_ = false;
    bool line_too_long_ = false;
    bool line_ended_ = false;     // line_ is a whole field, unless the next line goes on with it
    const util::Failure* failure_ = nullptr;
    std::uint64_t left_ = 0;      // of the body or chunk
    std::size_t head_size_ = 0;   // bytes of lines so far
    util::String line_;           // what there is of one that is not complete
    HttpResponse response_;
};

}  // namespace net
