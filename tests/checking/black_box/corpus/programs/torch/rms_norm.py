"""Root mean square normalization over the last axis, in single precision."""

import torch


class RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, gain):
        r = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
        ctx.save_for_backward(x, gain, r)
        return x * r * gain

    @staticmethod
    def backward(ctx, g):
        x, gain, r = ctx.saved_tensors
        dy = g * gain
        dx = r * dy - x * r.pow(3) * (dy * x).mean(-1, keepdim=True)
        return dx, (g * x * r).sum(0)


torch.manual_seed(1)
f = RMSNorm
at = (torch.randn(2, 4), torch.randn(4))
