package dev.pareto.proxy.upstream;

import java.util.Objects;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;

import io.netty.handler.codec.http.HttpHeaders;

/** One call as it goes out. Immutable by convention: neither body nor headers are written to once it is made. */
public final class UpstreamCall {

    private final Model model;
    private final OpenAiRequest request;
    private final byte[] body;
    private final HttpHeaders headers;
    private final TimeLimits limits;
    private final String tenant;

    /**
     * @param request what the caller asked for
     * @param body the bytes to send, perhaps patched
     * @param headers allow-listed, with the authorization for this vendor
     * @param tenant whom the request belongs to; never sent
     */
    public UpstreamCall(Model model, OpenAiRequest request, byte[] body, HttpHeaders headers, TimeLimits limits,
            String tenant) {
        this.model = Objects.requireNonNull(model, "model is null");
        this.request = Objects.requireNonNull(request, "request is null");
        this.body = body;
        this.headers = headers;
        this.limits = limits;
        this.tenant = Objects.requireNonNull(tenant, "tenant is null");
    }

    public Model model() {
        return model;
    }

    public OpenAiRequest request() {
        return request;
    }

    public byte[] body() {
        return body;
    }

    public HttpHeaders headers() {
        return headers;
    }

    public TimeLimits limits() {
        return limits;
    }

    public String tenant() {
        return tenant;
    }
}
