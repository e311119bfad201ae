Console.Error.WriteLine("usage: HPManager.Benchmarks NAME");
return 2;
