"""A linear layer in single precision, with its weight as torch keeps it."""

import torch


class LinearFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, inputs, weight, bias):
        ctx.save_for_backward(inputs, weight)
        return inputs.mm(weight.t()) + bias

    @staticmethod
    def backward(ctx, grad_output):
        inputs, weight = ctx.saved_tensors
        return grad_output.mm(weight), grad_output.t().mm(inputs), grad_output.sum(0)


torch.manual_seed(0)
f = LinearFunction
at = (torch.randn(3, 2), torch.randn(2, 2), torch.randn(2))
